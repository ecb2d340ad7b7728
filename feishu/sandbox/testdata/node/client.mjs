// Drives a sandbox with the official Node SDK, as its samples call it, and prints what came of each
// step: "step: code" and what the answer held, one a line.
import * as lark from '@larksuiteoapi/node-sdk';

const env = process.env;
const client = (overrides) => new lark.Client({
  appId: env.FEISHU_APP_ID, appSecret: env.FEISHU_APP_SECRET,
  helpDeskId: env.FEISHU_HELPDESK_ID, helpDeskToken: env.FEISHU_HELPDESK_TOKEN,
  domain: env.FEISHU_BASE_URL, logger: silent, cache: new lark.DefaultCache(), ...overrides,
});
// withAll keeps only the last of these two, whose keys are symbols.
const as = (token) => ({ lark: { ...lark.withUserAccessToken(token).lark, ...lark.withHelpDeskCredential().lark } });
const silent = Object.fromEntries(['fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, () => {}]));

const step = async (name, call, show = () => '') => {
  try {
    const answer = await call();
    console.log(`${name}: ${answer.code} ${show(answer)}`.trim());
  } catch (e) {
    const { code, error } = e.response?.data ?? {};
    const { type, subject } = error?.permission_violations?.[0] ?? {};
    console.log([`${name}:`, code ?? e.message, type, subject].filter(Boolean).join(' '));
  }
};

const desk = client({});
const { notification, ticketMessage } = desk.helpdesk;
const owner = as(env.FEISHU_USER_ACCESS_TOKEN);
const card = JSON.stringify({ elements: [] });
let id;

await step('create', async () => {
  const answer = await notification.create({
    params: { user_id_type: 'union_id' },
    data: { job_name: 'SDK', push_type: 0, push_scope_type: 2, push_content: card, user_list: [{ user_id: 'on_x' }] },
  }, owner);
  id = answer.data.notification_id;
  return answer;
}, (a) => a.data.status);

const get = (user_id_type) => step(`get ${user_id_type}`,
  () => notification.get({ path: { notification_id: id }, params: { user_id_type } }, owner),
  ({ data: { notification: n } }) => [n.job_name, n.user_list[0].user_id, n.create_user.user_id, n.update_user.user_id].join(' '));
await get('open_id');
await step('patch', () => notification.patch({
  path: { notification_id: id }, params: { user_id_type: 'user_id' }, data: { job_name: 'patched', user_list: [{ user_id: 'y' }] },
}, owner));
await get('union_id');
await get('user_id');
await step('preview', () => notification.preview({ path: { notification_id: id } }, owner));

const read = (token) => notification.get({ path: { notification_id: id } }, token);
await step('without helpdesk credential', () => read(lark.withUserAccessToken(env.FEISHU_USER_ACCESS_TOKEN)));
await step('unknown user token', () => read(as('u-unknown')));
await step('read-only user token', () => notification.patch({ path: { notification_id: id }, data: { job_name: 'no' } }, as('u-sandbox-readonly')));
await step("the app's own token", () => read(lark.withHelpDeskCredential()));
await step('submit_approve', () => notification.submitApprove({ path: { notification_id: id }, data: { reason: 'r' } }, owner), (a) => a.data.has_access);
await step('patch what is no draft', () => notification.patch({ path: { notification_id: id }, data: { job_name: 'no' } }, owner));

const say = (options) => ticketMessage.create({
  path: { ticket_id: '6948728206392295444' }, data: { msg_type: 'text', content: JSON.stringify({ text: 'hello' }) },
}, options);
await step('ticket message', () => say(lark.withHelpDeskCredential()), (a) => a.data.message_id.slice(0, 3));
await step('app token', () => desk.auth.appAccessToken.internal({ data: { app_id: env.FEISHU_APP_ID, app_secret: env.FEISHU_APP_SECRET } }),
  (a) => a.app_access_token === a.tenant_access_token);
const elsewhere = (overrides) => client(overrides).helpdesk.ticketMessage.create({
  path: { ticket_id: '1' }, data: { msg_type: 'text', content: '{}' },
}, lark.withHelpDeskCredential());
await step('wrong secret', () => elsewhere({ appSecret: 'x' }));
await step('unknown app', () => elsewhere({ appId: 'cli_a000000000000001' }));
await step('malformed app id', () => elsewhere({ appId: 'cli_x' }));
