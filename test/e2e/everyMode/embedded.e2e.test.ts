import { describeMode } from './describeMode.js';

describeMode('embedded');
