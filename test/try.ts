import { startRun } from '../src/client/hosts';
import path from 'node:path';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
async function main(){
mkdirSync('/tmp/tr',{recursive:true});
writeFileSync('/tmp/tr/long.vae.ts', readFileSync('samples/01-sprites.vae.ts','utf8').replace('epochs: 20','epochs: 2000'));
process.env['VAE_LAB_STATE']='/tmp/tr/state';
const run = await startRun({ node: process.execPath, hostScript: path.resolve('dist/host.js'), modelFile: '/tmp/tr/long.vae.ts', runsFolder: '/tmp/tr/runs', engine: process.argv[2] ?? 'auto' });
let n=0; await new Promise<void>((r)=>run.api.on('metrics', (e)=>{ n+=e.points.length; if(n>100) r(); }));
const ts:number[]=[];
for(let i=0;i<300;i++){ const z=new Float32Array(10).fill(i/300); const t=performance.now(); await run.api.request('decode',{z}); ts.push(performance.now()-t); await new Promise(r=>setTimeout(r, 10+Math.random()*20)); }
ts.sort((a,b)=>a-b); const s=await run.api.request('snapshot',{});
console.log('decode median',ts[150]?.toFixed(1),'p95',ts[285]?.toFixed(1),'max',ts[299]?.toFixed(1),'step',(1000/(s.speed?.stepsPerSecond??1)).toFixed(1), s.manifest.device);
await run.api.request('shutdown',{}).catch(()=>0); process.exit(0);
}
main();
