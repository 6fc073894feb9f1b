import { transportContract } from './transport-contract.ts';
import { createAxiosTransport } from '../server/src/mcp/axios-transport.ts';

transportContract('axios', createAxiosTransport);
