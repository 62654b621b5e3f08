import { html } from 'hono/html';
import type { VideoSnapshot } from '../../client/video-client.ts';
import type { ResolveSubmission } from '../../contract/messages.ts';
import type { Html } from '../page/layout.ts';
import { decisionTexts } from '../texts/decisions.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { confirmationWord } from './short-id.ts';
import { decisionPath } from './video-paths.ts';

/** A form that was sent, and why nothing was done. */
export interface RefusedForm {
  action: string;
  fault: string;
  fields: URLSearchParams;
}

interface FormView {
  lang: Lang;
  refused?: RefusedForm | undefined;
}

/** The three decisions about a submit with an unknown outcome, each with what it costs. */
export function decisionForms(
  { videoId, unresolved }: Pick<VideoSnapshot, 'videoId' | 'unresolved'>,
  view: FormView,
): Html {
  const texts = inLanguage(decisionTexts, view.lang);
  return html`${adoptForm({ videoId, candidates: unresolved?.candidates ?? [] }, view)}
    <div class="columns even">
      ${typedForm(videoId, {
        ...view,
        action: 'resubmit',
        title: texts.resubmit,
        cost: texts.resubmitCost,
        button: texts.resubmitNow,
      })}
      ${typedForm(videoId, {
        ...view,
        action: 'abandon',
        title: texts.abandon,
        cost: texts.abandonCost,
        button: texts.abandonNow,
      })}
    </div>`;
}

function adoptForm(
  { videoId, candidates }: { videoId: string; candidates: readonly string[] },
  { lang, refused }: FormView,
): Html {
  const texts = inLanguage(decisionTexts, lang);
  const fields = refused?.action === 'adopt' ? refused.fields : undefined;
  return html`<form class="card" method="post" action="${decisionPath(videoId)}" id="adopt">
    <h2>${texts.adopt}</h2>
    <p>${texts.adoptCost}</p>
    <input type="hidden" name="action" value="adopt" />
    ${
      candidates.length === 0
        ? html`<p class="soft">${texts.noCandidate}</p>`
        : html`<fieldset>
            <legend>${texts.candidates}</legend>
            ${candidates.map(
              (jobId) =>
                html`<label class="choice"
                  ><input
                    type="radio"
                    name="candidate"
                    value="${jobId}"
                    ${fields?.get('candidate') === jobId ? 'checked' : ''}
                  /><code>${jobId}</code></label
                >`,
            )}
          </fieldset>`
    }
    <div class="field">
      <label for="job">${texts.otherJob}</label>
      <input
        id="job"
        name="job"
        value="${fields?.get('job') ?? ''}"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="job-hint"
        ${fields ? html`aria-invalid="true"` : ''}
      />
      <p class="hint" id="job-hint">${texts.otherJobHint}</p>
      ${faultOf('adopt', refused)}
    </div>
    <button class="main">${texts.adoptNow}</button>
  </form>`;
}

interface TypedForm extends FormView {
  action: Exclude<ResolveSubmission['action'], 'adopt'>;
  title: string;
  cost: string;
  button: string;
}

/** A decision that may cost money is confirmed by typing. */
function typedForm(videoId: string, form: TypedForm): Html {
  const { action, title, cost, button, lang, refused } = form;
  const texts = inLanguage(decisionTexts, lang);
  const isRefused = refused?.action === action;
  return html`<form class="card" method="post" action="${decisionPath(videoId)}" id="${action}">
    <h2>${title}</h2>
    <p>${cost}</p>
    <input type="hidden" name="action" value="${action}" />
    <div class="field">
      <label for="${action}-word"
        >${texts.typeBefore} <code>${confirmationWord(videoId)}</code> ${texts.typeAfter}</label
      >
      <input
        id="${action}-word"
        name="word"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        ${isRefused ? html`aria-invalid="true"` : ''}
      />
      ${faultOf(action, refused)}
    </div>
    <button class="danger">${button}</button>
  </form>`;
}

function faultOf(action: string, refused: RefusedForm | undefined): Html | '' {
  return refused?.action === action ? html`<p class="fault" role="alert">${refused.fault}</p>` : '';
}
