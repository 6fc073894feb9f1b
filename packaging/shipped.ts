/** What is released, and of which other packages it is made. */
export interface Shipped {
  readonly workspace: string;
  /** Packages inside a bundle; the `dependencies` of the workspace are installed beside it, or packed with it. */
  readonly bundled: readonly string[];
}

export const SHIPPED: readonly Shipped[] = [
  { workspace: 'n8n-node', bundled: ['acorn', 'canonicalize'] },
  { workspace: 'server', bundled: ['canonicalize', 'preact'] },
  { workspace: 'zapier-app', bundled: ['canonicalize'] },
  { workspace: 'make-app', bundled: ['@makehq/sdk', 'canonicalize'] },
];
