// Draws requests per second as SVG, on a logarithmic scale, so that slow variants stay visible.

import { titles } from './variants.mjs';

const WIDTH = 800;
const LEFT = 300;
const RIGHT = 70;
const ROW = 30;
const TOP = 34;

export function chart(results) {
  const names = Object.keys(titles).toSorted((a, b) => results[b].rps - results[a].rps);
  const decades = Math.ceil(Math.log10(Math.max(...names.map((name) => results[name].rps))));
  const first = Math.floor(Math.log10(Math.min(...names.map((name) => results[name].rps))));
  const x = (rps) => LEFT + ((Math.log10(rps) - first) / (decades - first)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + names.length * ROW + 10;
  const ticks = Array.from({ length: decades - first + 1 }, (_, position) => 10 ** (first + position));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Requests per second">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .axis { stroke: #8886 } .tick { fill: #6e7781; font-size: 11px }
  .bar { fill: #9a86ff } .ours { fill: #5d34f2 } .peer { fill: #e5702a } .ceiling { fill: #8c959f }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .tick { fill: #9198a1 } .bar { fill: #5b4bb5 } .ours { fill: #8a6cff } .peer { fill: #e5702a } .ceiling { fill: #8c959f } }
</style>
<text class="tick" x="${LEFT}" y="12">requests per second, 32 connections</text>
${ticks.map((tick) => `<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${height - 8}"/><text class="tick" x="${x(tick) + 3}" y="${TOP - 8}">${tick.toLocaleString('en-US')}</text>`).join('\n')}
${names.map((name, position) => bar(name, results[name].rps, TOP + position * ROW, x)).join('\n')}
</svg>
`;
}

function bar(name, rps, y, x) {
  const end = x(rps);
  const kind = { ours: 'ours', peer: 'peer', ceiling: 'ceiling' }[name] ?? '';
  return (
    `<text x="${LEFT - 8}" y="${y + 18}" text-anchor="end">${titles[name]}</text>` +
    `<rect class="bar ${kind}" x="${LEFT}" y="${y + 4}" width="${(end - LEFT).toFixed(1)}" height="20" rx="2"/>` +
    `<text x="${end + 6}" y="${y + 18}">${Math.round(rps).toLocaleString('en-US')}</text>`
  );
}
