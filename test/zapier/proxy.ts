import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between the app and the server, on plain TCP. */
export interface Proxy {
  readonly baseUrl: string;
  /** Lets answers through. */
  pass(): void;
  /** Forwards requests, and cuts the connection once the server has answered: it acted, and nobody heard of it. */
  dropAnswers(): void;
  /** The same, for the first request with that method alone. */
  dropAnswerTo(method: string): void;
  /** Takes requests, and never answers. */
  hang(): void;
  /** Answers itself, and forwards nothing. */
  answer(status: number, headers: Readonly<Record<string, string>>, body: string): void;
  /** The same, by the first line of each request; where it says nothing, the connection is cut. */
  answerEach(answer: (line: string) => readonly [status: number, body: string] | undefined): void;
  close(): Promise<void>;
}

function written(status: number, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${String(status)} Answer\r\n${head}\r\n${body}`;
}

/** The first line of a request; undefined where its body has come in a part of its own, as on a slow machine. */
function firstLine(bytes: Buffer): string | undefined {
  const [line = ''] = bytes.toString().split('\r\n', 1);
  return line.endsWith(' HTTP/1.1') ? line : undefined;
}

type OnConnection = (client: Socket) => void;

export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };

  const forward =
    (onAnswer: (client: Socket, bytes: Buffer, request: string) => void): OnConnection =>
    (client) => {
      const server = keep(connect(Number(port), hostname));
      let request = '';
      client.on('data', (bytes) => (request = firstLine(bytes) ?? request));
      client.pipe(server);
      server.on('data', (bytes) => {
        onAnswer(client, bytes, request);
      });
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroy());
    };
  const pass = forward((client, bytes) => client.write(bytes));
  let connected: OnConnection = pass;

  const listener = createServer((client) => {
    connected(keep(client));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  /** A connection that is kept alive goes on as it began, so a change ends those that are open. */
  const become = (next: OnConnection): void => {
    connected = next;
    for (const socket of open) socket.destroy();
  };
  return {
    baseUrl: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}`,
    pass: () => {
      become(pass);
    },
    dropAnswers: () => {
      become(forward((client) => client.destroy()));
    },
    dropAnswerTo: (method) => {
      let dropped = false;
      const drop: OnConnection = forward((client, bytes, request) => {
        if (dropped || !request.startsWith(`${method} `)) return void client.write(bytes);
        dropped = true;
        client.destroy();
      });
      become(drop);
    },
    hang: () => {
      become((client) => client.resume());
    },
    answer: (status, headers, body) => {
      become((client) => {
        client.on('data', (bytes) => {
          if (firstLine(bytes) !== undefined) client.write(written(status, headers, body));
        });
      });
    },
    answerEach: (answer) => {
      become((client) => {
        client.on('data', (bytes) => {
          const line = firstLine(bytes);
          if (line === undefined) return;
          const said = answer(line);
          if (said === undefined) client.destroy();
          else client.write(written(said[0], {}, said[1]));
        });
      });
    },
    close: async () => {
      become((client) => client.destroy());
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
