// Runs the product in this terminal: one process below this one, which gets the signals and whose exit code is ours.
// Plain JavaScript without dependencies: it also runs on Node 20 in a fresh clone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process, { platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { childEnvironment, exitCode, pinnedNode, sourceMapFlags } from './ensure.mjs';
import { root } from './tree.mjs';

const patienceMs = 15_000;
const npmWatchMs = 200;

/**
 * Runs a file on the pinned Node until it ends. `script`: the name in package.json under which npm may have started us. `onReady` is
 * called once it says that it is.
 */
export function runInForeground(script, file, args, onReady = () => undefined) {
  const preload = pathToFileURL(join(root, 'scripts', 'endWithParent.mjs')).href;
  const product = spawn(pinnedNode(), [...sourceMapFlags, '--import', preload, join(root, file), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: childEnvironment({ TRIBUTARY_PARENT: String(process.pid) }),
    // A session of its own: Ctrl-C reaches every process of the terminal, and some twice through npm. The product gets
    // the one signal that we forward, and takes its time to close.
    detached: platform !== 'win32',
  });

  let stopping = false;
  function stop(signal) {
    if (stopping) return;
    stopping = true;
    product.kill(signal);
    setTimeout(() => product.kill('SIGKILL'), patienceMs).unref();
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', () => stop('SIGTERM'));

  // npm passes signals on (package.json says `exec`, or they would end at the shell between), unless it is killed
  // outright: then this process has another parent.
  if (process.env.npm_lifecycle_event === script) {
    const npm = process.ppid;
    setInterval(() => {
      if (process.ppid !== npm) stop('SIGTERM');
    }, npmWatchMs).unref();
  }

  product.once('message', (message) => {
    if (message === 'ready') onReady();
  });
  product.once('error', (error) => {
    console.error(`Tributary could not be started: ${error.message}`);
    process.exit(1);
  });
  product.once('exit', (code, signal) => process.exit(exitCode(code, signal)));
}
