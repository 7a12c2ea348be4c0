// Everything that must pass, one step after another: `npm test`, or `npm test -- unit gpu` for some of the steps.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBrowser } from './browser.mjs';

const reports = mkdtempSync(join(tmpdir(), 'nearfield-test-'));
const totals = { passed: 0, failed: 0 };
/** @type {string[]} What failed and why, said again at the very end, where a log that was cut short still has it. */
const failures = [];

/** @type {{ name: string, what: string, run: () => boolean }[]} */
const steps = [
  { name: 'lint', what: 'format and lint', run: () => npx('biome', 'ci', '.') },
  { name: 'types', what: 'types', run: () => npx('tsc', '-p', '.') },
  { name: 'unused', what: 'unused code and packages', run: () => npx('knip') },
  { name: 'unit', what: 'unit tests', run: () => vitest('unit') },
  { name: 'gpu', what: 'tests on WebGPU in a browser', run: () => vitest('gpu') },
  { name: 'build', what: 'build', run: () => npx('vite', 'build', '--logLevel', 'warn') },
  { name: 'size', what: 'size of the initial page', run: () => npx('size-limit') },
  { name: 'e2e', what: 'the built app', run: playwright },
];

function npx(...args) {
  const { status } = spawnSync('npx', ['--no-install', ...args], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function vitest(project) {
  const file = join(reports, `${project}.json`);
  const ok = npx(
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  );
  return counted(ok, file, ({ numPassedTests, numFailedTests, testResults }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    failures: testResults.flatMap(({ name, status, message, assertionResults }) => [
      ...(status === 'failed' && message ? [`${name}: ${message}`] : []),
      ...assertionResults
        .filter((test) => test.status === 'failed')
        .map((test) => `${name} › ${test.fullName}: ${test.failureMessages.join('\n')}`),
    ]),
  }));
}

function playwright() {
  const file = join(reports, 'e2e.json');
  process.env.PLAYWRIGHT_JSON_OUTPUT_FILE = file;
  const ok = npx('playwright', 'test', '--reporter=list,json');
  return counted(ok, file, ({ stats, suites, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    failures: [
      ...errors.map(({ message }) => message),
      ...suites.flatMap(specs).flatMap(({ file, title, ok, tests }) => {
        const [error] = tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors));
        return ok ? [] : [`${file} › ${title}: ${error?.message ?? 'no message'}`];
      }),
    ],
  }));
}

/** The tests of a suite of Playwright's report and of the suites in it. */
function specs(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specs)];
}

/** Adds a report's counts to the totals. A run that counts no test has failed. */
function counted(ok, file, read) {
  try {
    const report = read(JSON.parse(readFileSync(file, 'utf8')));
    totals.passed += report.passed;
    totals.failed += report.failed;
    failures.push(...report.failures);
    if (!ok && report.failures.length === 0)
      failures.push('Every test passed; an error outside them failed the run (see above).');
    return ok && report.passed > 0;
  } catch (error) {
    console.error(`No report of the tests: ${error.message}`);
    return false;
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No step called ${unknown.join(', ')}. The steps are ${steps.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

try {
  process.env.CHROME_PATH = ensureBrowser();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const results = [];
for (const step of steps.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`\n── ${step.what}`);
  const start = Date.now();
  const ok = step.run();
  results.push({ ...step, ok, seconds: (Date.now() - start) / 1000 });
}
rmSync(reports, { recursive: true, force: true });

for (const failure of failures) {
  console.log(`\n✗ ${stripVTControlCharacters(failure).split('\n').slice(0, 12).join('\n  ')}`);
}
console.log('');
for (const { what, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what} (${seconds.toFixed(0)} s)`);
}
const broken = results.filter(({ ok }) => !ok).length;
console.log(`\n${totals.passed} passed, ${Math.max(totals.failed, broken > 0 ? 1 : 0)} failed`);
process.exit(broken > 0 ? 1 : 0);
