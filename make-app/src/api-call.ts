import type { Module } from './module.ts';

/*
 * "Make an API call": for what no other module does. The address always begins with the service's own, so that the API
 * key cannot be sent elsewhere: an absolute URL ends up as a path that the service does not know.
 */

const pairs = (name: string, label: string, help: string) => ({
  name,
  label,
  type: 'array',
  required: false,
  help,
  spec: [
    { name: 'key', label: 'Key', type: 'text', required: true },
    { name: 'value', label: 'Value', type: 'text', required: false },
  ],
});

export const apiCall: Module = {
  id: 'makeApiCall',
  label: 'Make an API call',
  description: 'Performs an arbitrary authorized API call.',
  type: 'universal',
  group: 'Other',
  communication: {
    url: "/v1/{{if(substring(trim(parameters.url), 0, 1) == '/', substring(trim(parameters.url), 1, length(trim(parameters.url))), trim(parameters.url))}}",
    method: '{{parameters.method}}',
    qs: { '{{...}}': "{{toCollection(parameters.qs, 'key', 'value')}}" },
    headers: { '{{...}}': "{{toCollection(parameters.headers, 'key', 'value')}}" },
    type: 'text',
    body: '{{parameters.body}}',
    response: {
      output: { statusCode: '{{statusCode}}', headers: '{{headers}}', body: '{{body}}' },
    },
  },
  parameters: [
    {
      name: 'url',
      label: 'URL',
      type: 'text',
      required: true,
      validate: { pattern: '^/?(?![a-zA-Z]+:)[^/\\\\].*$' },
      help: 'A path relative to the Base URL of the connection and /v1, for example: me or ai/status. It cannot lead to another address.',
    },
    {
      name: 'method',
      label: 'Method',
      type: 'select',
      required: true,
      default: 'GET',
      help: 'GET reads, POST changes.',
      options: ['GET', 'POST'].map((value) => ({ label: value, value })),
    },
    {
      ...pairs('headers', 'Headers', 'You do not have to add authorization headers: that is done already.'),
      default: [{ key: 'Content-Type', value: 'application/json' }],
    },
    pairs('qs', 'Query string', 'What comes after the question mark.'),
    { name: 'body', label: 'Body', type: 'any', required: false, help: 'JSON, for a POST.' },
  ],
  interface: [
    { name: 'statusCode', label: 'Status code', type: 'integer' },
    { name: 'headers', label: 'Headers', type: 'collection' },
    { name: 'body', label: 'Body', type: 'any' },
  ],
  samples: {
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: { plan: 'self-hosted', tenant: 'acme', role: 'automation' },
  },
};
