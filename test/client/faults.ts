import type { HttpRequest, HttpResponse, Transport } from '@onceonly/shared';

/** Passes a request on, or not, and its answer, or not. */
type Fault = (request: HttpRequest, pass: Transport) => Promise<HttpResponse>;

/** The service did what it was asked to, and the answer was lost on its way. */
export const answerLost: Fault = async (request, pass) => {
  await pass(request);
  throw new Error('the answer was lost');
};

/** The request never arrived. */
export const unreachable: Fault = () => Promise.reject(new Error('connection refused'));

/** A proxy answered in the service's place. */
export const badGateway: Fault = () =>
  Promise.resolve({ status: 502, headers: {}, body: '<html><h1>502 Bad Gateway</h1></html>' });

/** The network between client and service: what it carried, and what it is to get wrong next. */
export interface Network {
  readonly sent: HttpRequest[];
  /** The next requests, or those to `path` alone, meet these faults in turn. */
  fail(faults: readonly Fault[], path?: string): void;
  /** Wraps a transport. */
  readonly through: (transport: Transport) => Transport;
}

export function createNetwork(): Network {
  const sent: HttpRequest[] = [];
  let planned: { fault: Fault; path: string | undefined }[] = [];
  return {
    sent,
    fail: (faults, path) => {
      planned = faults.map((fault) => ({ fault, path }));
    },
    through: (transport) => async (request) => {
      sent.push(request);
      const [next] = planned;
      if (next === undefined || (next.path !== undefined && next.path !== request.path))
        return transport(request);
      planned.shift();
      return next.fault(request, transport);
    },
  };
}

/** Time that passes only while somebody sleeps. */
export function createTime() {
  let now = 0;
  return {
    now: () => now,
    sleep: (ms: number): Promise<void> => {
      now += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
}
