// Asks Actual by its API: `node ask_actual.cjs FOLDER ROWS` takes in the rows, then answers each line that comes.
// Prints JSON lines, as ask_fava.py does. ROWS has a JSON line for each row: id, date, account, category, amount in
// cents, payee, notes; its first line has the accounts, and the categories by kind.
const fs = require('node:fs');
const readline = require('node:readline');
const { createRequire } = require('node:module');

const [folder, file, home] = process.argv.slice(2);
const load = createRequire(`${home}/`);
const api = load('@actual-app/api');
const { version } = JSON.parse(fs.readFileSync(`${home}/node_modules/@actual-app/api/package.json`, 'utf8'));
const { q } = api;
const AT_ONCE = 2000;
const FLOWS = { 'category.group.name': { $oneof: ['all income', 'all spending'] } };
const SPENT = { 'category.group.name': 'all spending' };
const tell = words => fs.writeSync(1, JSON.stringify(words) + '\n');
console.log = console.info = console.warn = () => {};

const within = ([since, until]) => [{ date: { $gte: since } }, { date: { $lte: until } }];
const ask = async (filter, groups, select) => {
  const asked = q('transactions').filter({ $and: filter }).options({ splits: 'inline' });
  const grouped = groups.length ? asked.groupBy(groups) : asked;
  return (await api.aqlQuery(grouped.select(select))).data;
};

async function fill() {
  const [head, ...rows] = fs.readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line));
  await api.runImport('bench', async () => {
    const accounts = {};
    const categories = {};
    for (const account of head.accounts) {
      accounts[account] = await api.createAccount({ name: `Account ${account}`, offbudget: false }, 0);
    }
    for (const [kind, names] of Object.entries(head.categories)) {
      const group = await api.createCategoryGroup({ name: `all ${kind}` });
      for (const name of names) {
        categories[name] = await api.createCategory({ name, group_id: group });
      }
    }
    const byAccount = {};
    for (const row of rows) {
      (byAccount[row.account] ??= []).push({
        date: row.date, amount: row.amount, payee_name: row.payee, notes: row.notes, imported_id: row.id,
        category: categories[row.category], account: accounts[row.account], cleared: true,
      });
    }
    for (const [account, several] of Object.entries(byAccount)) {
      for (let start = 0; start < several.length; start += AT_ONCE) {
        await api.addTransactions(accounts[account], several.slice(start, start + AT_ONCE));
      }
    }
  });
}

async function answer(asked) {
  const start = performance.now();
  const months = [];
  for (const span of asked.months) {
    months.push(
      await ask([FLOWS, ...within(span)], [{ $month: '$date' }, 'category.group.name'], [
        { month: { $month: '$date' } }, { kind: 'category.group.name' }, { total: { $sum: '$amount' } },
      ]),
    );
  }
  const days = await ask([SPENT, ...within(asked.days)], ['date'], ['date', { total: { $sum: '$amount' } }]);
  const categories = [];
  for (const span of asked.categories) {
    categories.push(
      await ask([SPENT, ...within(span)], ['category.name'], [
        { name: 'category.name' }, { total: { $sum: '$amount' } },
      ]),
    );
  }
  const merchants = await ask([SPENT, ...within(asked.merchants)], ['payee.name'], [
    { name: 'payee.name' }, { total: { $sum: '$amount' } },
  ]);
  const [found] = await ask([{ notes: { $like: `%${asked.text}%` } }], [], [
    { count: { $count: '$id' } }, { total: { $sum: '$amount' } },
  ]);
  const seconds = (performance.now() - start) / 1000;
  const units = cents => Math.round(cents * 100);
  tell({
    seconds,
    months: months.map(span => span.map(row => [`${row.month}-01`, row.kind.replace('all ', ''), units(row.total)])),
    days: days.map(row => [row.date, -units(row.total)]),
    categories: categories.map(span => span.map(row => [row.name, -units(row.total)])),
    merchants: merchants.map(row => [row.name, -units(row.total)]),
    text: [found.count, units(found.total)],
  });
}

async function main() {
  const start = performance.now();
  await api.init({ dataDir: folder });
  await fill();
  tell({ seconds: (performance.now() - start) / 1000, version: `Actual ${version}` });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    await answer(JSON.parse(line));
  }
  await api.shutdown();
}

main().catch(failure => {
  process.stderr.write(`${failure.stack ?? failure}\n`);
  process.exit(1);
});
