import type { Examples } from './examples.ts';

const partsOf = (boundary: string, fields: Readonly<Record<string, string>>) => ({
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  body:
    Object.entries(fields)
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('') + `--${boundary}--\r\n`,
});
const fields = { formID: '233', rawRequest: '{"q3_name":"Ann"}', pretty: 'Name:Ann' };

export const jotform: Examples = {
  source: 'jotform',
  events: [
    {
      first: partsOf('xYz1', { submissionID: '5811', ...fields }),
      again: partsOf('xYz2', { submissionID: '5811', ...fields }),
      other: partsOf('xYz1', { submissionID: '5812', ...fields }),
    },
  ],
};
