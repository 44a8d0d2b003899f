import type { Metadata } from 'next';
import { AssetPage } from '@/views/asset/AssetPage';

export const metadata: Metadata = { title: 'Asset' };

export default AssetPage;
