// Loaded before a measuring command. When nothing is left to do, the process ends at once, without taking itself apart: Node 24 was seen
// to wait for ever, at full speed, for a handle of some connection that had been cut (node::Environment::CleanupHandles).
import process from 'node:process';

process.once('beforeExit', () => process.exit());
