// Preloaded into the product by start.mjs: when that one is killed outright it can forward no signal, but the channel
// between the two closes, and the product then ends as on SIGTERM instead of staying behind with its port and its data.
import process from 'node:process';

if (process.channel && process.env.TRIBUTARY_PARENT === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
