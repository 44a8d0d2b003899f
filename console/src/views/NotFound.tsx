'use client';
import { Link } from '../host/navigation';
import { Empty } from '../ui/states';

export function NotFound() {
  return (
    <Empty title="There is no such page" icon="search">
      <Link to="home" className="text-accent underline">
        Go to the start
      </Link>
    </Empty>
  );
}
