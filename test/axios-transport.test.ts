import { transportContract } from './transport-contract.ts';
import { createAxiosTransport } from './transports/axios.ts';

transportContract('axios', createAxiosTransport);
