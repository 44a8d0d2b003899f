import type { Metadata } from 'next';
import { RulesPage } from '@/views/rules/RulesPage';

export const metadata: Metadata = { title: 'Rules' };

export default RulesPage;
