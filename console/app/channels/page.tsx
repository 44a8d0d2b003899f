import type { Metadata } from 'next';
import { ChannelsPage } from '@/views/channels/ChannelsPage';

export const metadata: Metadata = { title: 'Channels' };

export default ChannelsPage;
