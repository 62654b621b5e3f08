import type { VideoStorage } from '../../storage/video-storage.ts';
import { badBody, tooLarge } from './body-fault.ts';
import type { BodyReader } from './body-reader.ts';
import { addField, fieldSteps, type FormValue } from './form-fields.ts';
import type { PartHeader } from './part-header.ts';
import { readMultipart, type PartSink } from './read-multipart.ts';
import { readText } from './read-text.ts';
import { maxFileBytes, uploadImage, type ImageUpload, type PendingImage } from './upload-image.ts';

/** The texts of a form together, as much as of a JSON body. */
const maxTextBytes = 1024 * 1024;
/** The gateway takes as many. */
const maxFiles = 32;

/** Fields of a form as texts, with references in place of files. */
export interface Form {
  fields: { [name: string]: FormValue };
  images: PendingImage[];
  /** Removes the files that are not committed. */
  discard(): Promise<void>;
}

interface Reading {
  storage: Pick<VideoStorage, 'stage'>;
  fields: Form['fields'];
  uploads: ImageUpload[];
  textBytes: number;
}

/**
 * Reads a multipart form and streams its files to the storage, where they are not visible yet. If it fails, nothing is
 * left there.
 *
 * @throws {ApiError} 400, 408, 413
 * @throws {StorageError}
 */
export async function readForm(
  body: BodyReader,
  { boundary, storage }: { boundary: string; storage: Reading['storage'] },
): Promise<Form> {
  const reading: Reading = { storage, fields: {}, uploads: [], textBytes: 0 };
  const discard = async (): Promise<void> => {
    await Promise.all(reading.uploads.map((upload) => upload.discard()));
  };
  try {
    await readMultipart(body, {
      boundary,
      open: (header) => (header.isFile ? fileSink(reading, header) : textSink(reading, header)),
    });
  } catch (error) {
    await discard();
    await body.drain(maxFileBytes + maxTextBytes);
    throw error;
  }
  const { fields, uploads } = reading;
  return { fields, images: uploads.map((upload) => upload.image()), discard };
}

function textSink(reading: Reading, { name }: PartHeader): PartSink {
  const chunks: Uint8Array[] = [];
  fieldSteps(name);
  return {
    write: async (chunk) => {
      reading.textBytes += chunk.length;
      if (reading.textBytes > maxTextBytes) {
        const advice = 'send images as files, or as URLs';
        throw tooLarge(
          `The texts of the form have more than ${maxTextBytes} bytes: ${advice}`,
          name,
        );
      }
      chunks.push(chunk);
    },
    // Browsers and `fetch` send each line break of a text as CRLF. In JSON it is as the user wrote it, mostly LF.
    end: async () =>
      addField(
        reading.fields,
        name,
        readText(Buffer.concat(chunks), name).replaceAll('\r\n', '\n'),
      ),
  };
}

function fileSink(reading: Reading, { name }: PartHeader): PartSink {
  fieldSteps(name);
  if (reading.uploads.length === maxFiles) {
    throw badBody(`The form has more than ${maxFiles} files: send URLs`, name);
  }
  const upload = uploadImage(reading.storage, name);
  reading.uploads.push(upload);
  return {
    write: upload.write,
    end: async () => {
      await upload.end();
      const { reference } = upload.image();
      const value = name === 'input_reference' ? { image_url: reference } : reference;
      addField(reading.fields, name, value);
    },
  };
}
