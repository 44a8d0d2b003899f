import type { Metadata } from 'next';
import { MapPage } from '@/views/map/MapPage';

export const metadata: Metadata = { title: 'Map' };

export default MapPage;
