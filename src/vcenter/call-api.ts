import type { z } from 'zod';
import type { VCenterError } from '../errors/vcenter-error.ts';
import type { PromisedTransport, UpstreamCall, UpstreamResponse } from './transport/call.ts';
import { InvalidResponseError } from './transport/errors.ts';
import { parseResponse } from './transport/parse-response.ts';

/** A response with a body that is text. */
export type ResponseWithBody = UpstreamResponse & { readonly body: string };

/** How the response to a call becomes a value or an error. */
export interface ResponseReader<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** The statuses that declare a value. Default: 200. */
  readonly statuses?: readonly number[];
  /** Called before a response is parsed, with the same one for all reads that share a call. Default: nothing. */
  readonly beforeParsing?: ((response: ResponseWithBody) => Promise<void>) | undefined;
  /**
   * Creates the error of any other response.
   *
   * @param problem - what is wrong with the value of a success.
   */
  createError(response: UpstreamResponse, problem?: InvalidResponseError): VCenterError;
}

/**
 * Calls an API and reads the value that its response declares.
 *
 * @param signal - cancels the call.
 * @throws VCenterError where no response came, or one without that value.
 */
export function callApi<Schema extends z.ZodType>(
  transport: PromisedTransport,
  call: UpstreamCall,
  reader: ResponseReader<Schema>,
  signal?: AbortSignal,
): Promise<z.output<Schema>> {
  const { beforeParsing } = reader;
  return transport.call(call, signal).then((response) => {
    if (!beforeParsing || !hasBody(response)) return readResponse(response, reader);
    return beforeParsing(response).then(() => readResponse(response, reader));
  });
}

function hasBody(response: UpstreamResponse): response is ResponseWithBody {
  return response.body !== undefined;
}

/** Reads the value that a response declares. */
export function readResponse<Schema extends z.ZodType>(
  response: UpstreamResponse,
  { schema, statuses = [200], createError }: ResponseReader<Schema>,
): z.output<Schema> {
  if (!statuses.includes(response.status)) throw createError(response);
  const value = parseResponse(schema, response);
  if (value instanceof InvalidResponseError) throw createError(response, value);
  return value;
}
