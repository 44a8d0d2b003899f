/** The package of npm that holds the Node of a kind of machine. The one for Apple's own processors is published under another name. */
export function pinnedNodePackage(platform, arch) {
  const name = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  return name === 'darwin-arm64' ? `node-bin-${name}` : `node-${name}`;
}

/** Where in that package the program is. */
export function pinnedNodeFile(platform) {
  return `bin/${platform === 'win32' ? 'node.exe' : 'node'}`;
}
