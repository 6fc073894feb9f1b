import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './workflow.ts';
import { ACCOUNT } from './steps.ts';

const FOLDER = join(import.meta.dirname, '../../n8n-node/templates');

export const MAIL_ACCOUNT = { smtp: { name: 'SMTP account' } };

interface TemplateNode {
  readonly type: string;
  readonly parameters: { readonly url?: string; readonly path?: string };
}

/** A template as a user has it who has imported it, connected its accounts and entered where the work is done. */
export function template(file: string, workUrl: string): Workflow {
  const text = readFileSync(join(FOLDER, `${file}.json`), 'utf8');
  const read = JSON.parse(text) as Omit<Workflow, 'nodes'> & { nodes: readonly TemplateNode[] };
  return {
    ...read,
    id: file,
    active: true,
    nodes: read.nodes.map((node) => ({
      ...node,
      ...(node.type.startsWith('n8n-nodes-onceonly.') && { credentials: ACCOUNT }),
      ...(node.type === 'n8n-nodes-base.emailSend' && { credentials: MAIL_ACCOUNT }),
      ...(node.parameters.url !== undefined && { parameters: { ...node.parameters, url: workUrl } }),
    })),
  };
}
