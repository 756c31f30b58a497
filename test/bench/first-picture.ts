import { exampleSubject } from "../../src/pictures/gallery-subjects.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";

// What the first picture of a process costs, in milliseconds of processor time, on standard output.
const subject = exampleSubject({ multiple: 881 });
const before = process.cpuUsage();
await createPictureMaker().answer(subject);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1_000));
