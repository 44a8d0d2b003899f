export function pinnedNodePackage(platform: string, arch: string): string;
export function pinnedNodeFile(platform: string): string;
