// A site over HTTP, as a server of static files gives it: compressed, and with nothing but its type.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.xml': 'application/xml',
};

/** Bytes of a file as they travel. */
export const packed = (bytes) => gzipSync(bytes, { level: 9 });

/**
 * Serves the folder of a site on a free port of this machine: `{ address, close }`.
 *
 * @param {{ pause?: number }} options with `pause`, a page stops for so many milliseconds before its main part, in it, and in its foot
 */
export async function serve(root, { pause = 0 } = {}) {
  const kept = new Map();
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      let file = join(root, path);
      if (statSync(file).isDirectory()) file = join(file, 'index.html');
      const bytes = readFileSync(file);
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
      if (pause && file.endsWith('.html')) {
        const main = Math.max(bytes.indexOf('<main'), 0);
        const half = bytes.indexOf('\n', main + (bytes.length - main) / 2);
        const foot = bytes.indexOf('</p>', Math.max(bytes.indexOf('<footer'), 0)) + '</p>'.length;
        let from = 0;
        for (const to of [main, half, foot, bytes.length].sort((a, b) => a - b)) {
          response.write(bytes.subarray(from, to));
          from = to;
          if (to < bytes.length) await new Promise((resolve) => { setTimeout(resolve, pause); });
        }
        return response.end();
      }
      if (!kept.has(file)) kept.set(file, packed(bytes));
      response.setHeader('Content-Encoding', 'gzip');
      response.end(kept.get(file));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    address: `http://localhost:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
