import type { Answer } from '../answer.ts';
import type { CreateRequest } from '../create-request.ts';
import type { Exchange } from '../exchange.ts';
import type { Course, Job, Row } from '../job.ts';

/** The part of a job's way on which a scenario acts. */
export type Phase = 'submit' | 'poll' | 'download' | 'search' | 'log' | 'models';

/** One of the two status routes. */
export type Route = 'generations' | 'videos';

interface Traits {
  /** Number in gateway.md 13. */
  number: number;
  name: string;
  /** What it does, in one line; variants and the meaning of the number included. */
  line: string;
  /** How many requests of one identity it touches; absent means all of them. */
  times?: number;
  /** What a number after `=` sets: `times` (the default), or a value of the scenario's own. */
  numberSets?: 'times' | 'value';
  /** Words allowed after `=`; `any` takes every word. */
  variants?: readonly string[] | 'any';
}

/** A choice of a scenario, with its parameters. */
export interface Chosen {
  scenario: Scenario;
  /** As it was written. */
  text: string;
  times: number;
  value: number | null;
  variant: string | null;
}

/** What every scenario is told about the request it acts on. */
interface Context {
  exchange: Exchange;
  variant: string | null;
  value: number | null;
  /** Counts the requests of this identity that came to the scenario, from 1. */
  nth: number;
  times: number;
  origins: Origins;
}

/** The two origins of a run, without a slash at the end. */
export interface Origins {
  gateway: string;
  media: string;
}

/** A create that went through: the paid job and the gateway's normal reply. */
export interface Accepted {
  job: Job;
  reply: Record<string, unknown>;
  headers: Record<string, string>;
}

/** What a submit scenario can do. */
export interface SubmitContext extends Context {
  request: CreateRequest;
  /** Charges the account, starts the vendor's job and stores the row. */
  accept: (changes?: Partial<Pick<Job, 'id' | 'kind'>>) => Accepted;
  /** Starts a vendor job nobody pays for; no row. */
  orphan: () => string;
  /** Paid jobs that have not ended. */
  running: () => number;
  /** Waits that many gateway milliseconds; false when the client hung up meanwhile. */
  stillThere: (gatewayMs: number) => Promise<boolean>;
  /** True when this connection carried a request before. */
  connectionUsedBefore: boolean;
}

/** Acts on a create; null means: answer as usual. */
export interface SubmitScenario extends Traits {
  phase: 'submit';
  answer: (context: SubmitContext) => Answer | null | Promise<Answer | null>;
}

/** What a poll scenario can do. */
export interface PollContext extends Context {
  job: Job;
  row: Row;
  route: Route;
  /** The body the route would send, parsed; made of plain objects, free to change. */
  body: (row?: Partial<Row>) => Record<string, unknown>;
  /** The signed address on the media origin, '' until the job has ended. */
  directUrl: string;
  contentUrl: string;
  /** Gives out a new signed address that expires after that many gateway milliseconds. */
  renewUrl: (validMs: number) => void;
  /** The file the vendor made. */
  file: () => Buffer;
}

/** Replaces a job's course, or acts on single polls; null means: answer as usual. */
export interface PollScenario extends Traits {
  phase: 'poll';
  course?: (chosen: Chosen) => Course;
  /** Counts and acts on polls of an ended job only; absent means every poll. */
  when?: 'finished';
  routes?: readonly Route[];
  answer?: (context: PollContext) => Answer | null;
  /** The status is late by that many gateway milliseconds for each unfinished job up to this one. */
  lagMs?: (chosen: Chosen) => number;
  /** The key counts as used up as long as the scenario has polls to touch: balance 0, `/content` and models refused. */
  spendsKey?: true;
  /** `/content` says 404 as long as the scenario has polls to touch. */
  hidesContent?: true;
}

/** Where a download request arrived. */
export type ScenarioPlace = 'content' | 'media';

/** What a download scenario can do. */
export interface DownloadContext extends Context {
  job: Job;
  row: Row;
  place: ScenarioPlace;
  /** The file the vendor made. */
  file: Buffer;
  /** Number of the signed address that was used, from 0; `content` counts as the newest. */
  issue: number;
  directUrl: string;
  contentUrl: string;
  /** The run's only valid key. */
  apiKey: string;
  /** The usual answer: at `content` a redirect, at `media` the bytes, ranges honoured. */
  normal: (file?: Buffer) => Answer;
}

/** Which addresses the status routes show. */
export type Via = 'direct' | 'content' | 'content-first';

/** Acts on download requests; null means: answer as usual. */
export interface DownloadScenario extends Traits {
  phase: 'download';
  /**
   * What the status routes show as the result: the media address (default), `/content`, or
   * `/content` in the first place and the media address behind it.
   */
  via?: Via | ((variant: string | null) => Via);
  /** Where it counts and acts; absent means at the media origin. */
  places?: readonly ScenarioPlace[];
  answer?: (context: DownloadContext) => Answer | null;
}

/** Acts on the task log of the dashboard. */
export interface SearchScenario extends Traits {
  phase: 'search';
  /** Replaces the log. */
  answer?: (context: { variant: string | null }) => Answer;
  /** Whether a row of the log names the prompt. */
  keepsPrompt?: (variant: string | null) => boolean;
}

/** A row of the request log. */
export interface LogEntry {
  type: 'charge' | 'error' | 'refund';
  /** '' for what happens to a job later. */
  requestId: string;
  quota: number;
  jobId?: string;
  /** What a difference settles. */
  settledQuota?: number;
}

/** The rows of a create, shown some gateway milliseconds later. */
export interface LogPlan {
  rows: LogEntry[];
  lagMs?: number;
}

/** A create, as the log sees it. */
export interface LogContext {
  requestId: string;
  /** The charge of a paid job, else nothing. */
  charge: LogEntry[];
  /** The error of a fault, else nothing. */
  error: LogEntry[];
  paid: { jobId: string; price: number } | null;
  variant: string | null;
  value: number | null;
}

/** Acts on the request log, create by create, or on the limiter of its route. */
export interface LogScenario extends Traits {
  phase: 'log';
  /** What the log holds; nothing without a scenario. */
  rows: (context: LogContext) => LogPlan;
  /** The calls are used up. */
  limited: (variant: string | null) => boolean;
}

/** Acts on the list of models; null means: answer as usual. */
export interface ModelsScenario extends Traits {
  phase: 'models';
  answer: (context: Context) => Answer | null;
}

/** A named behaviour of gateway.md 13. */
export type Scenario =
  | ModelsScenario
  | SubmitScenario
  | PollScenario
  | DownloadScenario
  | SearchScenario
  | LogScenario;
