// Stands for `node:buffer`, which n8n's cloud lets no community node import, while it has its Buffer as a global.
const Own = Buffer;
export { Own as Buffer };
