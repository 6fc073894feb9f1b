import {
  CONNECTION_TEST,
  connectionFields,
  DEFAULT_BASE_URL,
  ERRORS,
  OTHER_DERIVATION,
} from '@onceonly/shared';
import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from 'n8n-workflow';

/** The address as `readBaseUrl` reads it: with or without `/v1`, empty for the hosted service. */
const BASE_URL = `={{ ($credentials.baseUrl || "").trim().replace(/\\/+$/, "").replace(/\\/v1$/, "") || ${JSON.stringify(DEFAULT_BASE_URL)} }}`;

/** Plain http is taken, since many run the server next to n8n; what it means is said. */
const PLAIN_HTTP: INodeProperties = {
  displayName:
    'This address starts with http://, so others on the way can read the API key. Use it only inside your own network.',
  name: 'plainHttp',
  type: 'notice',
  default: '',
  displayOptions: { show: { baseUrl: [{ _cnd: { startsWith: 'http://' } }] } },
};

const NOT_ONCEONLY = `${ERRORS.unexpected_answer.happened} ${ERRORS.unexpected_answer.todo}`;

export class OnceOnlyApi implements ICredentialType {
  name = 'onceOnlyApi';

  displayName = 'OnceOnly API';

  icon = {
    light: 'file:../icons/onceonly.svg',
    dark: 'file:../icons/onceonly.dark.svg',
  } as const;

  documentationUrl = 'https://docs.onceonly.tech';

  properties: INodeProperties[] = [
    ...connectionFields.map((field): INodeProperties => ({
      displayName: field.label,
      name: field.id,
      type: 'string',
      description: field.help,
      default: 'default' in field ? field.default : '',
      required: field.required,
      ...(field.type === 'secret' && { typeOptions: { password: true } }),
    })),
    PLAIN_HTTP,
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
  };

  test: ICredentialTestRequest = {
    request: { baseURL: BASE_URL, url: CONNECTION_TEST.path, qs: CONNECTION_TEST.query },
    rules: [
      {
        type: 'responseSuccessBody',
        // Whatever answers there: every OnceOnly service names the plan.
        properties: { key: 'plan', value: undefined, message: NOT_ONCEONLY },
      },
      {
        type: 'responseSuccessBody',
        properties: { key: OTHER_DERIVATION.member, value: false, message: OTHER_DERIVATION.message },
      },
    ],
  };
}
