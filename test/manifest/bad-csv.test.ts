import { describe, expect, test } from 'vitest';
import { problemsOf } from './read.ts';

const header = 'key,model,prompt';

describe('a CSV manifest is refused, line by line', () => {
  test.each<[string, string, string[]]>([
    ['a header alone', `${header}\n`, ['it has no rows']],
    ['nothing but empty lines', '\n\r\n  \n', ['it is empty']],
    ['nothing but separators', ',,\n,,\n', ['it has no rows']],
    [
      'columns that nobody knows',
      'key,model,promt,modle,colour\na,kling-v1,A cat,x,y\n',
      [
        '1 promt: unknown column; did you mean "prompt"?',
        '1 modle: unknown column; did you mean "model"?',
        '1 colour: unknown column; known columns are key, model, prompt, duration, seconds, size, ratio, resolution, audio, image, images, first_frame, last_frame, references, reference_videos, reference_audios, format, metadata, tags, output, metadata.*',
        '2 prompt: is missing: say what to show',
      ],
    ],
    [
      'a column twice',
      'model,prompt,model\nkling-v1,A cat,sora-2\n',
      ['1 model: duplicate column'],
    ],
    [
      'strokes between the cells',
      'key|model|prompt\na|kling-v1|A cat\n',
      ['1: the columns seem to be separated by "|": save it with commas'],
    ],
    [
      'a semicolon in a cell, where semicolons stand between them',
      'key;model;prompt\na;kling-v1;A cat; a dog\n',
      [
        '2: the row has 4 cells where the header has 3: a text that contains a semicolon must be in quotes',
      ],
    ],
    [
      'ragged rows',
      `${header}\na,kling-v1\nb,kling-v1,A cat, a dog\nc,kling-v1,A cat,,\n`,
      [
        '2: the row has 2 cells where the header has 3: a text that contains a comma must be in quotes',
        '3: the row has 4 cells where the header has 3: a text that contains a comma must be in quotes',
      ],
    ],
    [
      'a cell under no name',
      `${header},\na,kling-v1,A cat,\nb,kling-v1,A dog,x\n`,
      ['3: "x" is in a column without a name'],
    ],
    [
      'a quote in a cell',
      `${header}\n,kling-v1,\nb,kling-v1,A "big" cat\nc,,\n`,
      [
        '2 prompt: is missing: say what to show',
        '3: there is a quote in the middle of a cell; the rest was not read. Put a text that contains quotes in quotes, and double each quote in it',
      ],
    ],
    [
      'text behind a quote',
      `${header}\na,kling-v1,"A cat" naps\n`,
      [
        '2: there is text after a closing quote; the rest was not read. Put a text that contains quotes in quotes, and double each quote in it',
      ],
    ],
    [
      'a quote without an end, where it began',
      `${header}\na,kling-v1,"A cat\r\nnaps"\r\n\r\nb,kling-v1,"A dog\nc,kling-v1,A cow\n`,
      [
        '5: a quote is opened here and never closed; the rest was not read. Put a text that contains quotes in quotes, and double each quote in it',
      ],
    ],
    [
      'a quote without an end, long before the end',
      `${header}\na,kling-v1,"A cat\n${'b,kling-v1,A dog\n'.repeat(80_000)}`,
      [
        '2: the row has more than 1048576 characters, or a quote is opened here and never closed; the rest was not read. Put a text that contains quotes in quotes, and double each quote in it',
      ],
    ],
    [
      'formulas and their errors in any column',
      'key,model,prompt,metadata.mode\na,kling-v1,"=HYPERLINK(""http://x"")",@SUM(A1)\nb,#REF!,#N/A,+x\n',
      [
        '2 prompt: "=HYPERLINK("http://x")" looks like a spreadsheet formula: put its value there, or begin the text with another character',
        '2 metadata.mode: "@SUM(A1)" looks like a spreadsheet formula: put its value there, or begin the text with another character',
        '3 model: "#REF!" is the error of a spreadsheet formula: put the value there',
        '3 prompt: "#N/A" is the error of a spreadsheet formula: put the value there',
      ],
    ],
    [
      'a default with a comma, and one that nobody knows',
      '#prompt=A cat, a dog\n#modle=kling-v1\n# only a comment\nmodel,prompt\nkling-v1,A cat\n',
      [
        '1 prompt: its value contains a separator: put the whole cell, # included, in quotes',
        '2 modle: unknown column; did you mean "model"?',
      ],
    ],
    [
      'what no row has, once',
      'key\na\nb\nc\n',
      [
        '2 model: is missing: name one, e.g. kling-v1 (in all rows)',
        '2 prompt: is missing: say what to show (in all rows)',
      ],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  test('counts the lines as an editor does, whatever ends them', async () => {
    const rows = ['key,model,prompt', 'a,kling-v1,"A', 'cat"', '', 'b,kling-v1,'];
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await problemsOf(rows.join(end))).toEqual(['5 prompt: is missing: say what to show']);
    }
  });
});
