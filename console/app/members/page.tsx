import type { Metadata } from 'next';
import { MembersPage } from '@/views/members/MembersPage';

export const metadata: Metadata = { title: 'Members' };

export default MembersPage;
