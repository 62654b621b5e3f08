import { z } from 'zod';
import { modelSchema } from '../../serve/api/catalogue-schemas.ts';
import { findModel, listModels, type ModelObject } from '../../serve/catalogue/model-object.ts';
import { guarded, type ToolParts } from './tool.ts';

const { seconds, resolution, ratio, media, price } = modelSchema.shape.onetake.shape;
const rowSchema = z.strictObject({
  id: z.string(),
  seconds,
  resolution,
  ratio,
  media,
  price: price.describe("In the gateway's currency; empty if no price is known"),
});

/** What the models of the catalogue accept and cost. */
export function registerListModels({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'list_models',
    {
      title: 'List models',
      description: 'Lists the models, what they accept and what they cost.',
      inputSchema: z.strictObject({
        model: z.string().max(200).exactOptional().describe('Only this one'),
      }),
      outputSchema: z.strictObject({ models: z.array(rowSchema) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ model }) =>
      guarded({ ports, caller }, async () => {
        const { prices } = ports;
        const found = model === undefined ? listModels(prices) : [findModel(model, prices)];
        const models = found.map(row);
        return {
          content: [{ type: 'text', text: models.map(modelWords).join('\n') }],
          structuredContent: { models },
        };
      }),
  );
}

type Row = z.infer<typeof rowSchema>;

function row({ id, onetake }: ModelObject): Row {
  return {
    id,
    seconds: onetake.seconds,
    resolution: onetake.resolution,
    ratio: onetake.ratio,
    media: onetake.media,
    price: onetake.price,
  };
}

function modelWords({ id, price: prices }: Row): string {
  const texts = prices.map(({ resolution: at, per_second, per_video }) => {
    const amount = per_second === undefined ? `${per_video} a video` : `${per_second} a second`;
    return at === null ? amount : `${amount} at ${at}`;
  });
  return `${id}: ${texts.join(', ') || 'price not known'}`;
}
