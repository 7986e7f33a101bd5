#!/usr/bin/env node
const { existsSync } = require('node:fs');
const path = require('node:path');
const cli = path.join(__dirname, '..', 'dist', 'cli.js');
if (existsSync(cli)) require(cli);
else {
  console.error('VAE Lab is not built yet. Run: npm run build');
  process.exitCode = 2;
}
