import { textTable } from './in-language.ts';

/** Texts of the pages of decisions. */
export const decisionTexts = textTable({
  title: ['Decisions', '待决定'],
  intro: [
    'A paid request that got no answer is never sent again by itself. Here a person decides what happens with it.',
    '付费请求的答复丢失后，系统绝不会自行再次发送。由人在这里决定如何处理。',
  ],
  unresolved: ['Unknown outcome', '结果未知'],
  overdue: ['Overdue', '超时未完成'],
  overdueIntro: [
    'The gateway is late with these. They are still watched and stored when they complete. There is nothing to decide: wait, or cancel.',
    '网关还没有完成这些视频。系统会继续跟踪，完成后自动保存。无需决定：可以等待，也可以取消。',
  ],
  nothing: ['Nothing needs a decision.', '没有需要决定的事项。'],
  of: [(id: string) => `Decide: ${id}`, (id: string) => `决定：${id}`],
  what: ['What happened', '发生了什么'],
  sentBetween: ['Sent between', '发送时间介于'],
  and: ['and', '和'],
  findings: ['What the gateway’s records say so far', '目前从网关记录中查到的'],
  noFindings: ['Nothing yet. The search continues by itself.', '还没有结果。系统会继续查找。'],
  candidates: ['Jobs that may belong to it', '可能属于它的任务'],
  adopt: ['Adopt a job', '认领一个任务'],
  adoptCost: [
    'Costs nothing. The video waits for this job and stores what it makes. Nothing is sent.',
    '不产生费用。视频会等待该任务并保存结果。不发送任何请求。',
  ],
  otherJob: ['Another job id', '其他任务编号'],
  otherJobHint: [
    'From the console of the gateway. It must be the job of this request.',
    '来自网关控制台，必须是这个请求的任务。',
  ],
  adoptNow: ['Adopt', '认领'],
  noCandidate: [
    'No candidate is known. Type the id of a job that you found in the console of the gateway.',
    '没有已知的候选任务。请填写您在网关控制台找到的任务编号。',
  ],
  resubmit: ['Submit again', '重新提交'],
  resubmitCost: [
    'Sends the paid request once more. If the first one was accepted, you pay twice.',
    '再次发送付费请求。如果第一次已被接受，您会付两次费用。',
  ],
  resubmitNow: ['Submit again, and pay', '重新提交并付费'],
  abandon: ['Abandon', '放弃'],
  abandonCost: [
    'Sends nothing. The video ends as failed. If the first request was accepted, it stays billed, and its video is not stored.',
    '不发送任何请求。视频以失败结束。如果第一次已被接受，费用照计，视频不会保存。',
  ],
  abandonNow: ['Abandon the video', '放弃视频'],
  typeBefore: ['To confirm, type', '请输入'],
  typeAfter: ['', '以确认'],
  notTyped: [
    (word: string) => `Nothing was done: type ${word} exactly as shown.`,
    (word: string) => `没有执行：请准确输入 ${word}。`,
  ],
  noJobGiven: [
    'Nothing was done: choose a job, or type its id.',
    '没有执行：请选择任务或填写编号。',
  ],
  twoJobsGiven: [
    'Nothing was done: choose a job or type another id, not both.',
    '没有执行：选择任务或填写其他编号，不要同时使用。',
  ],
  unknownAction: ['Nothing was done: this is no decision.', '没有执行：这不是有效的决定。'],
  decidedAdopt: ['Decided: adopt a job.', '已决定：认领任务。'],
  decidedResubmit: ['Decided: submit again.', '已决定：重新提交。'],
  decidedAbandon: ['Decided: abandon.', '已决定：放弃。'],
  takesEffect: [
    'It takes effect when the search at the gateway has ended.',
    '在网关的查找结束后生效。',
  ],
  isNow: ['The video is now:', '视频现在的状态：'],
  nothingToDecide: [
    'Nothing is left to decide: the decision was taken, or none was needed.',
    '没有需要决定的事项：已作出决定，或无需决定。',
  ],
  toVideo: ['To the video', '查看视频'],
  wrong_phase: [
    'There is nothing to decide any more: somebody else has decided, or the search has found the job. Nothing was done.',
    '已没有需要决定的事项：其他人已作出决定，或系统已找到任务。没有执行任何操作。',
  ],
  otherSubmit: [
    'Your form was about an earlier request, which has been decided. Since then the video was submitted again, and the outcome of that request is unknown too. Nothing was done: read what happened, then decide about this one.',
    '您的表单针对的是较早的请求，该请求已有决定。之后视频被再次提交，新请求的结果同样未知。没有执行任何操作：请先查看情况，再对这个请求作出决定。',
  ],
  notKnown: [
    'No worker has answered, so it is not known which request is to be decided. Nothing was done: start a worker, then decide.',
    '没有工作进程应答，因此不知道需要决定的是哪个请求。没有执行任何操作：请先启动工作进程，然后再决定。',
  ],
  job_taken: [
    'This job belongs to another video, so it was not adopted. Choose another job, or look at that video.',
    '该任务属于另一个视频，因此没有认领。请选择其他任务，或查看那个视频。',
  ],
  no_answer: [
    'No worker has answered. The decision may still take effect. Look at the status; if no worker runs, start one, then decide again: a repeated decision counts once.',
    '没有工作进程应答。该决定之后仍可能生效。请查看状态；如果没有工作进程在运行，请先启动，然后再次决定：重复的决定只算一次。',
  ],
  noCandidatesKnown: [
    'No worker answers at the moment, so the candidates are not known.',
    '目前没有工作进程应答，因此不知道候选任务。',
  ],
});
