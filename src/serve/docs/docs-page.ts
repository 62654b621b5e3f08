import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { schemaComponents } from '../api/components.ts';
import { errors } from '../api/errors.ts';
import { errorsOf, operations } from '../api/open-api.ts';
import { tags, type Operation } from '../api/operation.ts';
import { parameters, type ParameterName } from '../api/parameters.ts';
import { curlExample } from './curl-example.ts';
import { docsStyle } from './docs-style.ts';
import { fieldRows, typeWords, type JsonSchema } from './field-rows.ts';

// The hash is of every byte between the tags.
const style = raw(`<style>${docsStyle}</style>`);
const styleHash = createHash('sha256').update(docsStyle).digest('base64');

/** Allows the style of the page and nothing else: no scripts, no images, no other hosts. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Html = ReturnType<typeof html>;
type TagName = keyof typeof tags;

const schemas = schemaComponents() as Record<string, JsonSchema>;
const tagNames = Object.keys(tags) as TagName[];
const taggedBy = (tag: TagName) => operations.filter((operation) => operation.tag === tag);

/** The documentation as one page. @param url Address of the server in its examples. */
export function docsPage(url: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>onetake HTTP API</title>
        ${style}
      </head>
      <body>
        <header>
          <h1>onetake HTTP API</h1>
          <p>
            Point a client of OpenAI or of new-api at <code>${url}/v1</code>. A video is submitted
            to the paid gateway once, ever. The same as data:
            <a href="/openapi.json">/openapi.json</a>.
          </p>
        </header>
        <nav aria-label="Routes">${tagNames.map(menuOf)}<a href="#schemas">Schemas</a></nav>
        <main>
          ${tagNames.map((tag) => sectionOf(tag, url))}
          <h2 id="schemas">Schemas</h2>
          ${Object.entries(schemas).map(schemaOf)}
        </main>
      </body>
    </html>`;
}

function menuOf(tag: TagName): Html {
  return html`<strong>${tag}</strong>
    <ul>
      ${taggedBy(tag).map(
        ({ operationId, method, path }) =>
          html`<li>
            <a href="#${operationId}"><span class="method">${method}</span>${path}</a>
          </li>`,
      )}
    </ul>`;
}

function sectionOf(tag: TagName, url: string): Html {
  return html`<h2>${tag}</h2>
    <p>${words(tags[tag])}</p>
    ${taggedBy(tag).map((operation) => operationOf(operation, url))}`;
}

function operationOf(operation: Operation, url: string): Html {
  const { operationId, method, path, summary, description = '', body, answers } = operation;
  return html`<section aria-labelledby="${operationId}">
    <h3 id="${operationId}">${summary}</h3>
    <code class="route"><span class="method">${method}</span>${path}</code>
    ${description === '' ? '' : html`<p>${words(description)}</p>`}
    ${listOf('Parameters', (operation.parameters ?? []).map(parameterOf))}
    ${listOf(
      'Body',
      Object.entries(body ?? {}).map(([type, { schema }]) => bodyOf(type, schema)),
    )}
    <h4>Example</h4>
    <pre tabindex="0">${curlExample(operation, url)}</pre>
    ${listOf('Responses', [
      ...Object.entries(answers).map(([status, { description: text, content }]) =>
        rowOf(html`<code>${status}</code>`, html`${text}${linkOfContent(content)}`),
      ),
      ...errorsOf(operation).map((status) => {
        const { description: text, codes } = errors[status];
        const code = codes.map((each) => html` <code>${each}</code>`);
        return rowOf(html`<code>${status}</code>`, html`${text}:${code}`);
      }),
    ])}
  </section>`;
}

function parameterOf(name: ParameterName): Html {
  const { name: shown, in: place, schema, description } = parameters[name];
  return rowOf(
    html`<code>${shown}</code> <small>${place}, ${typeWords(schema)}</small>`,
    words(description),
  );
}

function bodyOf(type: string, schema: string): Html {
  return rowOf(html`<code>${type}</code>`, linkTo(schema));
}

function linkOfContent(content: Operation['answers'][number]['content']): Html | string {
  if (content === undefined) return '';
  return 'schema' in content ? html`: ${linkTo(content.schema)}` : `: ${content.join(', ')}`;
}

function schemaOf([name, schema]: [string, JsonSchema]): Html {
  const rows = fieldRows(schema).map(({ path, type, component, isRequired, description }) => {
    const shown = component === null ? type : html`${type} (${linkTo(component)})`;
    const optional = isRequired ? '' : ', optional';
    return rowOf(html`<code>${path}</code> <small>${shown}${optional}</small>`, words(description));
  });
  const { description = '' } = schema;
  return html`<section aria-labelledby="schema-${name}">
    <h3 id="schema-${name}">${name}</h3>
    ${description === '' ? '' : html`<p>${words(description)}</p>`}${listOf('Fields', rows)}
  </section>`;
}

function linkTo(schema: string): Html {
  return html`<a href="#schema-${schema}">${schema}</a>`;
}

function listOf(title: string, rows: readonly Html[]): Html | string {
  if (rows.length === 0) return '';
  return html`<h4>${title}</h4>
    <dl>${rows}</dl>`;
}

function rowOf(term: Html, text: Html | string): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${text}</dd>
  </div>`;
}

/** Text in which backquotes enclose code. */
function words(text: string): Html {
  const parts = text.split('`');
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
