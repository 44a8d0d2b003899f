'use client';
import { Viewer } from '../graph/generated/operations';
import { useGraph } from '../graph/useGraph';

const none: ReadonlySet<string> = new Set();

/** What the person may do, for parts that stand beside the page. */
export function useViewerPermissions(): ReadonlySet<string> {
  const { data } = useGraph(Viewer, {}, { refetchInterval: false });
  return data?.viewer ? new Set(data.viewer.permissions) : none;
}
