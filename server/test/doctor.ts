import { execFile } from 'node:child_process';
import path from 'node:path';

/** Runs `onceonly-server doctor` on a store. */
export function doctor(url: string): Promise<{ code: number; out: string; err: string }> {
  const bin = path.join(__dirname, '../bin/onceonly-server.js');
  return new Promise((resolve) => {
    const env = { ...process.env, ONCEONLY_STORE: url };
    execFile(process.execPath, [bin, 'doctor'], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
