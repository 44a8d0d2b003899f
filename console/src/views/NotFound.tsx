'use client';
import { Link } from '../host/navigation';
import { Empty } from '../ui/states';
import { say } from '../words/say';

export function NotFound() {
  return (
    <Empty title={say('There is no such page')} icon="search">
      <Link to="home" className="text-accent underline">
        {say('Go to the start')}
      </Link>
    </Empty>
  );
}
