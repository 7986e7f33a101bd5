import path from 'node:path';
import { stateFolder } from '../../runs/stateFolder';
import { runCached } from './codeCache';

runCached(path.join(__dirname, 'hostProgram.js'), path.join(stateFolder(), 'code'));
