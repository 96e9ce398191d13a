/** The code of each HTTP status, as `@segment/actions-core` spells it. */
const codeOfStatus = {
  100: 'CONTINUE',
  101: 'SWITCHING_PROTOCOLS',
  102: 'PROCESSING',
  103: 'EARLY_HINTS',
  200: 'OK',
  201: 'CREATED',
  202: 'ACCEPTED',
  203: 'NON_AUTHORITATIVE_INFORMATION',
  204: 'NO_CONTENT',
  205: 'RESET_CONTENT',
  206: 'PARTIAL_CONTENT',
  207: 'MULTI_STATUS',
  208: 'ALREADY_REPORTED',
  226: 'IM_USED',
  300: 'MULTIPLE_CHOICES',
  301: 'MOVED_PERMENANTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  304: 'NOT_MODIFIED',
  305: 'USE_PROXY',
  306: 'SWITCH_PROXY',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  407: 'PROXY_AUTHENTICATION_REQUIRED',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  410: 'GONE',
  411: 'LENGTH_REQUIRED',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  417: 'EXPECTATION_FAILED',
  418: 'IM_A_TEAPOT',
  421: 'MISDIRECTED_REQUEST',
  422: 'UNPROCESSABLE_ENTITY',
  423: 'LOCKED',
  424: 'FAILED_DEPENDENCY',
  425: 'TOO_EARLY',
  426: 'UPGRADE_REQUIRED',
  428: 'PRECONDITION_REQUIRED',
  429: 'TOO_MANY_REQUESTS',
  431: 'REQUEST_HEADER_FIELDS_TOO_LARGE',
  451: 'UNAVAILABLE_FOR_LEGAL_REASONS',
  499: 'CANCELLED',
  500: 'INTERNAL_SERVER_ERROR',
  501: 'NOT_IMPLEMENTED',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
  505: 'HTTP_VERSION_NOT_SUPPORTED',
  506: 'VARIANT_ALSO_NEGOTIATES',
  507: 'INSUFFICIENT_STORAGE',
  508: 'LOOP_DETECTED',
  509: 'BANDWIDTH_LIMIT_EXCEEDED',
  510: 'NOT_EXTENDED',
  511: 'NETWORK_AUTHENTICATION_REQUIRED',
  529: 'SITE_IS_OVERLOADED',
} as const

type HttpErrorCode = (typeof codeOfStatus)[keyof typeof codeOfStatus]

const mirrored = <Code extends string>(codes: readonly Code[]): { readonly [K in Code]: K } =>
  Object.fromEntries(codes.map((code) => [code, code])) as { [K in Code]: K }

/** Codes that follow an HTTP status, each under its own name. */
export const HttpErrorCodes = mirrored<HttpErrorCode>(Object.values(codeOfStatus))

/** Codes that follow no HTTP status, each under its own name. */
export const CustomErrorCodes = mirrored([
  'INVALID_AUTHENTICATION',
  'PAYLOAD_VALIDATION_FAILED',
  'INVALID_CURRENCY_CODE',
  'RETRYABLE_ERROR',
  'REFRESH_TOKEN_EXPIRED',
  'OAUTH_REFRESH_FAILED',
  'SELF_TIMEOUT',
  'CREATE_AUDIENCE_FAILED',
  'GET_AUDIENCE_FAILED',
  'RETL_ON_MAPPING_SAVE_FAILED',
  'INVALID_AUDIENCE_MEMBERSHIP',
  'UNKNOWN_ERROR',
])

/** All codes that a destination may give to an error. */
export const ErrorCodes = { ...HttpErrorCodes, ...CustomErrorCodes }

/** Who reports the error of an item in a batch: the framework before sending, or the destination. */
export const MultiStatusErrorReporter = mirrored(['INTEGRATIONS', 'DESTINATION'])

/** The code of an HTTP status; `UNKNOWN_ERROR` for a status without one. */
export const getErrorCodeFromHttpStatus = (status: number): string =>
  (codeOfStatus as Record<number, string>)[status] ?? ErrorCodes.UNKNOWN_ERROR
