import { z } from 'zod';
import { quoteSchema } from '../../serve/api/catalogue-schemas.ts';
import { videoFields } from '../request/video-fields.ts';
import { costWords, madeWords } from '../results/quote-words.ts';
import type { Quoted } from './quoted.ts';
import { quoted } from './quoted.ts';
import type { OfferedQuote } from '../spending/spend-permission.ts';
import { guarded, type ToolParts } from './tool.ts';

const approvalSchema = z
  .strictObject({
    confirm: z.string().describe('Pass it to generate_video after the person has approved'),
    code: z.string().describe('The person runs `onetake mcp approve <code>`'),
    approve_url: z.string().describe('Or opens this page').exactOptional(),
    expires_at: z.int().describe('Seconds since the epoch'),
  })
  .describe('How a person approves exactly this request; null if it would be refused');

const { object: _object, ...shown } = quoteSchema.shape;
const outputSchema = z.strictObject({ ...shown, approval: approvalSchema.nullable() });

/** What a request would make and cost, and a way for a person to approve it. */
export function registerQuoteVideo({ server, ports, caller }: ToolParts): void {
  server.registerTool(
    'quote_video',
    {
      title: 'Quote a video',
      description:
        'Says what a request would make, the most that it can cost, and what the gateway would change or refuse. Free. ' +
        'Also returns a `confirm` token: it permits generate_video to pay only after a person has approved it.',
      inputSchema: z.strictObject(videoFields),
      outputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (given) =>
      guarded({ ports, caller }, async () => {
        const found = await quoted({ ports, caller }, given);
        const offered = found.spend && (await ports.permissions.offer(found.spend));
        const { object: _, ...quote } = found.quote;
        return {
          content: [{ type: 'text', text: quoteText(found, offered) }],
          structuredContent: { ...quote, approval: offered && approval(offered) },
        };
      }),
  );
}

function approval({ confirm, code, approveUrl, expiresAt }: OfferedQuote) {
  return {
    confirm,
    code,
    ...(approveUrl !== undefined && { approve_url: approveUrl }),
    expires_at: Math.floor(expiresAt / 1_000),
  };
}

function quoteText({ quote }: Quoted, offered: OfferedQuote | null): string {
  const { refusals, warnings } = quote;
  const findings = [...refusals, ...warnings].map(({ field, message }) => `${field}: ${message}`);
  if (!offered)
    return ['It would be refused, and nothing would be charged.', ...findings].join('\n');
  const { approveUrl, code } = offered;
  const page = approveUrl === undefined ? '' : ` opens ${approveUrl} or`;
  return [
    `${quote.model}: ${madeWords(quote)}`,
    costWords(quote),
    ...findings,
    `To pay without being asked again, a person${page} runs: onetake mcp approve ${code}`,
  ].join('\n');
}
