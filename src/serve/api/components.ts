import { z } from 'zod';
import { linkBody } from '../routes/content-routes.ts';
import { replayWebhookBody } from '../routes/delivery-routes.ts';
import { createWebhookBody, rotateWebhookBody } from '../routes/webhook-routes.ts';
import { cancelBody, resolveBody } from '../routes/action-routes.ts';
import {
  createGenerationSchema,
  createVideoFormSchema,
  createVideoSchema,
} from './body-schemas.ts';
import { modelListSchema, modelSchema, quoteSchema } from './catalogue-schemas.ts';
import { errorSchema, generationErrorSchema } from './error-schemas.ts';
import {
  createdGenerationSchema,
  deletedVideoSchema,
  failureSchema,
  linkSchema,
  generationSchema,
  onetakeSchema,
  videoListSchema,
  videoSchema,
  warningSchema,
} from './video-schemas.ts';

import {
  deletedWebhookEndpointSchema,
  startedDeliveryListSchema,
  startedDeliverySchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookEndpointListSchema,
  webhookEndpointSchema,
} from './webhook-schemas.ts';

/** Schemas of responses, by the name of their component. */
export const responseSchemas = {
  Video: videoSchema,
  VideoList: videoListSchema,
  DeletedVideo: deletedVideoSchema,
  Onetake: onetakeSchema,
  Failure: failureSchema,
  Warning: warningSchema,
  CreatedGeneration: createdGenerationSchema,
  Generation: generationSchema,
  Link: linkSchema,
  Model: modelSchema,
  ModelList: modelListSchema,
  Quote: quoteSchema,
  WebhookEndpoint: webhookEndpointSchema,
  WebhookEndpointList: webhookEndpointListSchema,
  DeletedWebhookEndpoint: deletedWebhookEndpointSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookDeliveryList: webhookDeliveryListSchema,
  StartedDelivery: startedDeliverySchema,
  StartedDeliveryList: startedDeliveryListSchema,
  Error: errorSchema,
  GenerationError: generationErrorSchema,
} as const;

/** Schemas of bodies. */
export const bodySchemas = {
  CreateVideo: createVideoSchema,
  CreateVideoForm: createVideoFormSchema,
  CreateGeneration: createGenerationSchema,
  CancelVideo: cancelBody,
  ResolveVideo: resolveBody,
  LinkVideo: linkBody,
  CreateWebhook: createWebhookBody,
  RotateWebhook: rotateWebhookBody,
  ReplayWebhook: replayWebhookBody,
} as const;

/** Name of a response schema. */
export type SchemaName = keyof typeof responseSchemas;
/** Name of a schema of a body. */
export type BodyName = keyof typeof bodySchemas;

/** `components.schemas` of the document, by zod. */
export function schemaComponents(): Record<string, object> {
  return { ...jsonSchemas(responseSchemas, 'output'), ...jsonSchemas(bodySchemas, 'input') };
}

function jsonSchemas(schemas: Record<string, z.ZodType>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: found } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      // Later versions may add fields to responses; the laws of the code are strict.
      if (io === 'output' && jsonSchema.additionalProperties === false) {
        delete jsonSchema.additionalProperties;
      }
      // Bounds of JavaScript's integers, not of ours.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const components = Object.entries(found).map(([id, schema]): [string, object] => {
    const { $schema: _dialect, $id: _id, ...rest } = schema;
    return [id, rest];
  });
  return Object.fromEntries(components);
}
