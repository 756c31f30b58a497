import { exampleSubject } from "../../src/pictures/gallery-subjects.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";

const AT_ONCE = 50;
const MANY = 5_000;

// Prints the resident memory of this process in MB, after half of the pictures and after all,
// which are made as fast as possible in waves.
const pictures = createPictureMaker();
const subject = exampleSubject({ multiple: 400 });
let { stakeUsd } = subject.valuation;
for (let made = AT_ONCE; made <= MANY; made += AT_ONCE) {
  await Promise.all(
    Array.from({ length: AT_ONCE }, () => {
      // Another stake each time, so that no picture is made twice.
      stakeUsd += 1;
      return pictures.answer({ ...subject, valuation: { ...subject.valuation, stakeUsd } });
    }),
  );
  if (made === MANY / 2 || made === MANY)
    process.stdout.write(`${process.memoryUsage.rss() / 1_048_576}\n`);
}
