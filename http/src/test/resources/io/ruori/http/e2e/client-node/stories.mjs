// Stories told with the Kubernetes project's client for JavaScript: `node stories.mjs NAME` tells one and exits 0 if it is
// true. KUBECONFIG is the administrator's; RUORI_CLIENT_NODE is the node_modules folder that the client lies in.

import assert from 'node:assert/strict';
import net from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const k8s = await import(pathToFileURL(`${process.env.RUORI_CLIENT_NODE}/@kubernetes/client-node/dist/index.js`));
const config = new k8s.KubeConfig();
config.loadFromFile(process.env.KUBECONFIG);
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const generic = k8s.KubernetesObjectApi.makeApiClient(config);

const PATIENCE = 20_000;
const namespace = `node-${process.argv[2].toLowerCase()}`;

function configMap(name, value, labels = { app: 'test' }) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { key: value } };
}

function deployment(name, replicas) {
    const labels = { app: name };
    const spec = { containers: [{ name: 'web', image: 'ruori/web:1' }], terminationGracePeriodSeconds: 1 };
    return { metadata: { name }, spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
}

function pod(name, script) {
    const main = { name: 'main', image: 'ruori/web:1', command: ['/bin/sh', '-c', script] };
    return { metadata: { name }, spec: { terminationGracePeriodSeconds: 1, containers: [main] } };
}

/** The Status that a refused call came back with. */
async function refused(code, call) {
    try {
        await call;
    } catch (e) {
        assert.ok(e instanceof k8s.ApiException, `${e}`);
        assert.equal(e.code, code, `${e.body}`);
        const status = typeof e.body === 'string' ? JSON.parse(e.body) : e.body;
        assert.deepEqual([status.kind, status.apiVersion, status.status, status.code], ['Status', 'v1', 'Failure', code]);
        return status;
    }
    return assert.fail(`was not refused with ${code}`);
}

/** Asks again until something is true. */
async function eventually(what, isTrue) {
    const end = Date.now() + PATIENCE;
    while (!(await isTrue())) {
        assert.ok(Date.now() < end, `not in time: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** What a watch is told up to its end, or until it was told enough. */
function watched(path, parameters, isEnough = () => false) {
    return new Promise((resolve, reject) => {
        const told = [];
        let connection;
        const tell = (type, object) => {
            told.push({ type, object });
            if (isEnough(told)) {
                connection.then((c) => c.abort());
                resolve(told);
            }
        };
        connection = new k8s.Watch(config).watch(path, parameters, tell, (e) => (e ? reject(e) : resolve(told)));
    });
}

/** Stands between client and server, and can cut the lines. */
async function brokenLine() {
    const server = new URL(config.getCurrentCluster().server);
    const lines = new Set();
    const listener = net.createServer((near) => {
        const far = net.connect(Number(server.port), server.hostname);
        for (const line of [near, far]) {
            lines.add(line);
            line.on('error', () => line.destroy());
            line.on('close', () => [near, far, lines.delete(line)].slice(0, 2).forEach((l) => l.destroy()));
        }
        near.pipe(far).pipe(near);
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const through = new k8s.KubeConfig();
    through.loadFromFile(process.env.KUBECONFIG);
    through.clusters = through.clusters.map((c) => ({ ...c, server: `https://127.0.0.1:${listener.address().port}` }));
    return { config: through, cut: () => lines.forEach((line) => line.destroy()), close: () => listener.close() };
}

const names = (list) => list.items.map((item) => item.metadata.name);
const as = (type) => k8s.setHeaderOptions('Content-Type', type);
const { JsonPatch, MergePatch, StrategicMergePatch, ServerSideApply } = k8s.PatchStrategy;

const stories = {
    async discovery() {
        const version = await config.makeApiClient(k8s.VersionApi).getCode();
        assert.deepEqual([version.major, version.minor], ['1', '36']);
        const groups = await config.makeApiClient(k8s.ApisApi).getAPIVersions();
        assert.ok(groups.groups.some((group) => group.name === 'apps' && group.preferredVersion.version === 'v1'));
        const resources = await core.getAPIResources();
        assert.ok(resources.resources.some((resource) => resource.name === 'pods/log'));
        const access = await config.makeApiClient(k8s.AuthorizationV1Api).createSelfSubjectAccessReview({
            body: { spec: { resourceAttributes: { verb: 'delete', resource: 'nodes' } } },
        });
        assert.equal(access.status.allowed, true);
        assert.equal(await new k8s.Health(config).readyz({}), true);
    },

    async typedObjects() {
        const made = await core.createNamespacedConfigMap({ namespace, body: configMap('one', '1') });
        assert.ok(made.metadata.uid && made.metadata.creationTimestamp instanceof Date);
        const changed = await core.replaceNamespacedConfigMap({ name: 'one', namespace, body: { ...made, data: { key: '2' } } });
        assert.equal(changed.data.key, '2');
        await refused(409, core.replaceNamespacedConfigMap({ name: 'one', namespace, body: { ...made, data: { key: '3' } } }));

        const secret = { metadata: { name: 'hidden' }, stringData: { word: 'hush' } };
        await core.createNamespacedSecret({ namespace, body: secret });
        const read = await core.readNamespacedSecret({ name: 'hidden', namespace });
        assert.deepEqual([read.type, read.data.word], ['Opaque', 'aHVzaA==']);
        const dry = await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'never' } }, dryRun: 'All' });
        assert.equal(dry.metadata.name, 'never');
        await refused(404, core.readNamespacedSecret({ name: 'never', namespace }));

        await apps.createNamespacedDeployment({ namespace, body: deployment('web', 2) });
        await eventually('two are ready', async () =>
            (await apps.readNamespacedDeployment({ name: 'web', namespace })).status.readyReplicas === 2);
        const scale = await apps.readNamespacedDeploymentScale({ name: 'web', namespace });
        scale.spec.replicas = 3;
        await apps.replaceNamespacedDeploymentScale({ name: 'web', namespace, body: scale });
        await eventually('three are ready', async () =>
            (await apps.readNamespacedDeploymentStatus({ name: 'web', namespace })).status.readyReplicas === 3);
        await apps.deleteNamespacedDeployment({ name: 'web', namespace, propagationPolicy: 'Foreground' });
        await eventually('the Pods go with it', async () => (await core.listNamespacedPod({ namespace })).items.length === 0);

        await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'app=test' });
        await refused(404, core.readNamespacedConfigMap({ name: 'one', namespace }));
    },

    async patches() {
        await apps.createNamespacedDeployment({ namespace, body: deployment('web', 0) });
        const patch = (type, body, more = {}) =>
            apps.patchNamespacedDeployment({ name: 'web', namespace, body, ...more }, as(type));
        let web = await patch(MergePatch, { metadata: { labels: { tier: 'front' } } });
        assert.equal(web.metadata.labels.tier, 'front');
        web = await patch(JsonPatch, [
            { op: 'test', path: '/spec/replicas', value: 0 },
            { op: 'replace', path: '/spec/replicas', value: 1 },
        ]);
        assert.equal(web.spec.replicas, 1);
        await refused(422, patch(JsonPatch, [{ op: 'test', path: '/spec/replicas', value: 7 }]));
        const side = { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } };
        web = await patch(StrategicMergePatch, side);
        assert.deepEqual(web.spec.template.spec.containers.map((c) => c.name).sort(), ['side', 'web']);
        web = await patch(MergePatch, { metadata: { labels: { tier: null } } }, { dryRun: 'All' });
        assert.equal(web.metadata.labels?.tier, undefined);
        assert.equal((await apps.readNamespacedDeployment({ name: 'web', namespace })).metadata.labels.tier, 'front');
        await refused(415, patch('text/plain', {}));
    },

    async serverSideApply() {
        const apply = (value, fieldManager, force) =>
            core.patchNamespacedConfigMap(
                { name: 'one', namespace, body: configMap('one', value), fieldManager, force }, as(ServerSideApply));
        const made = await apply('1', 'first');
        assert.deepEqual(made.metadata.managedFields.map((f) => [f.manager, f.operation]), [['first', 'Apply']]);
        const status = await refused(409, apply('2', 'second'));
        assert.equal(status.reason, 'Conflict');
        assert.deepEqual(status.details.causes.map((c) => [c.reason, c.field]), [['FieldManagerConflict', '.data.key']]);
        assert.equal((await apply('2', 'second', true)).data.key, '2');
        const nobody = await refused(422, apply('3', undefined));
        assert.equal(nobody.details.causes[0].field, 'fieldManager');
        const shared = await generic.patch(configMap('one', '2'), undefined, undefined, 'third', false, ServerSideApply);
        assert.ok(shared.metadata.managedFields.some((f) => f.manager === 'third'));
    },

    async errors() {
        const missing = await refused(404, core.readNamespacedPod({ name: 'nobody', namespace }));
        assert.deepEqual([missing.reason, missing.details.name, missing.details.kind], ['NotFound', 'nobody', 'pods']);
        assert.equal(missing.message, 'pods "nobody" not found');
        await core.createNamespacedConfigMap({ namespace, body: configMap('one', '1') });
        const twice = await refused(409, core.createNamespacedConfigMap({ namespace, body: configMap('one', '1') }));
        assert.equal(twice.reason, 'AlreadyExists');
        const body = deployment('No_Name', -1);
        const invalid = await refused(422, apps.createNamespacedDeployment({ namespace, body }));
        assert.equal(invalid.reason, 'Invalid');
        assert.deepEqual(invalid.details.causes.map((c) => c.field).sort(), ['metadata.name', 'spec.replicas']);
        const bad = await refused(400, core.listNamespacedPod({ namespace, labelSelector: 'a in' }));
        assert.equal(bad.reason, 'BadRequest');
        await refused(404, core.createNamespacedConfigMap({ namespace: 'nowhere', body: { metadata: { name: 'one' } } }));
        const uid = { preconditions: { uid: 'another' } };
        assert.equal((await refused(409, core.deleteNamespacedConfigMap({ name: 'one', namespace, body: uid }))).reason, 'Conflict');
    },

    async pages() {
        for (let i = 0; i < 7; i++) {
            await core.createNamespacedConfigMap({ namespace, body: configMap(`map-${i}`, '1', { half: i < 4 ? 'first' : 'second' }) });
        }
        const seen = [];
        let _continue;
        let revision;
        do {
            const page = await core.listNamespacedConfigMap({ namespace, limit: 3, _continue });
            revision ??= page.metadata.resourceVersion;
            assert.equal(page.metadata.resourceVersion, revision, 'all pages are of one moment');
            seen.push(...names(page).filter((name) => name.startsWith('map-')));
            _continue = page.metadata._continue;
            if (seen.length < 4) {
                await core.deleteNamespacedConfigMap({ name: 'map-6', namespace });
            }
        } while (_continue);
        assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6].map((i) => `map-${i}`));
        const second = await core.listNamespacedConfigMap({ namespace, labelSelector: 'half in (second)' });
        assert.deepEqual(names(second), ['map-4', 'map-5']);
        const one = await core.listConfigMapForAllNamespaces({ fieldSelector: `metadata.name=map-2,metadata.namespace=${namespace}` });
        assert.deepEqual(names(one), ['map-2']);
        await refused(400, core.listNamespacedConfigMap({ namespace, limit: 3, _continue: 'nonsense' }));
    },

    async watches() {
        const list = await core.listNamespacedConfigMap({ namespace });
        const path = `/api/v1/namespaces/${namespace}/configmaps`;
        const selected = { labelSelector: 'app=test', resourceVersion: list.metadata.resourceVersion };
        const watch = watched(path, selected, (told) => told.length === 4);
        await core.createNamespacedConfigMap({ namespace, body: configMap('one', '1') });
        await core.createNamespacedConfigMap({ namespace, body: configMap('other', '1', { app: 'other' }) });
        const patch = (body) => core.patchNamespacedConfigMap({ name: 'one', namespace, body }, as(MergePatch));
        await patch({ data: { key: '2' } });
        await patch({ metadata: { labels: { app: 'other' } } });
        await patch({ metadata: { labels: { app: 'test' } } });
        const brief = (told) => told.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());
        const expected = ['ADDED one', 'MODIFIED one', 'DELETED one', 'ADDED one'];
        assert.deepEqual(brief(await watch), expected);
        const again = await watched(path, { ...selected, allowWatchBookmarks: true, timeoutSeconds: 1 });
        assert.deepEqual(brief(again), [...expected, 'BOOKMARK'], 'the same is told again, and the watch ends when it was to');
        const initial = await watched(
            path,
            { sendInitialEvents: true, allowWatchBookmarks: true, resourceVersionMatch: 'NotOlderThan', labelSelector: 'app' },
            (told) => told.at(-1).type === 'BOOKMARK');
        assert.deepEqual(brief(initial), ['ADDED one', 'ADDED other', 'BOOKMARK']);
        assert.equal(initial.at(-1).object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    },

    async informers() {
        const line = await brokenLine();
        const near = line.config.makeApiClient(k8s.CoreV1Api);
        let lists = 0;
        const list = () => {
            lists++;
            return near.listNamespacedConfigMap({ namespace, labelSelector: 'app=test' });
        };
        await core.createNamespacedConfigMap({ namespace, body: configMap('before', '1') });
        const informer = k8s.makeInformer(line.config, `/api/v1/namespaces/${namespace}/configmaps`, list, 'app=test');
        const seen = [];
        let connections = 0;
        let failures = 0;
        for (const verb of ['add', 'update', 'delete']) {
            informer.on(verb, (map) => seen.push(`${verb} ${map.metadata.name} ${map.data.key}`));
        }
        informer.on('connect', () => connections++);
        // As its documentation has it: what the network did is for the user to answer.
        informer.on('error', () => {
            failures++;
            setTimeout(() => informer.start(), 50);
        });
        await informer.start();
        await eventually('the first is seen', () => seen.includes('add before 1'));
        await core.createNamespacedConfigMap({ namespace, body: configMap('later', '1') });
        await eventually('the second is seen', () => seen.includes('add later 1'));
        line.cut();
        const patch = (value) =>
            core.patchNamespacedConfigMap({ name: 'later', namespace, body: { data: { key: value } } }, as(MergePatch));
        await patch('2');
        await patch('3');
        await core.deleteNamespacedConfigMap({ name: 'before', namespace });
        await eventually('all was made up for', () => seen.includes('delete before 1'));
        assert.deepEqual(seen, ['add before 1', 'add later 1', 'update later 2', 'update later 3', 'delete before 1']);
        assert.ok(failures > 0 && connections > 1 && lists === 1, `${failures} failures, ${connections} connections, ${lists} lists`);
        assert.deepEqual(informer.list(namespace).map((map) => map.metadata.name), ['later']);
        assert.equal(informer.get('later', namespace).data.key, '3');
        await informer.stop();
        line.close();
    },

    async customObjects() {
        const group = 'node.example.com';
        const plural = 'plants';
        const properties = { spec: { type: 'object', required: ['height'], properties: { height: { type: 'integer', minimum: 1 } } },
            status: { type: 'object', properties: { watered: { type: 'boolean' } } } };
        const version = { name: 'v1', served: true, storage: true, subresources: { status: {} },
            schema: { openAPIV3Schema: { type: 'object', properties } } };
        const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
        await extensions.createCustomResourceDefinition({ body: { metadata: { name: `${plural}.${group}` },
            spec: { group, scope: 'Namespaced', names: { plural, singular: 'plant', kind: 'Plant' }, versions: [version] } } });
        await eventually('it is established', async () =>
            (await extensions.readCustomResourceDefinition({ name: `${plural}.${group}` })).status?.conditions
                ?.some((c) => c.type === 'Established' && c.status === 'True'));
        const custom = config.makeApiClient(k8s.CustomObjectsApi);
        const all = { group, version: 'v1', namespace, plural };
        const plant = (height) => ({ apiVersion: `${group}/v1`, kind: 'Plant', metadata: { name: 'fern', namespace }, spec: { height } });
        const made = await custom.createNamespacedCustomObject({ ...all, body: plant(1) });
        assert.equal(made.spec.height, 1);
        const invalid = await refused(422, custom.createNamespacedCustomObject({ ...all, body: plant(0) }));
        assert.equal(invalid.details.causes[0].field, 'spec.height');
        const one = { ...all, name: 'fern' };
        await custom.patchNamespacedCustomObject({ ...one, body: { spec: { height: 2 } } }, as(MergePatch));
        const status = await custom.patchNamespacedCustomObjectStatus(
            { ...one, body: { spec: { height: 9 }, status: { watered: true } } }, as(MergePatch));
        assert.deepEqual([status.spec.height, status.status.watered], [2, true]);
        const replaced = await custom.replaceNamespacedCustomObject({ ...one, body: { ...status, spec: { height: 3 } } });
        assert.equal(replaced.metadata.generation, 3);
        assert.deepEqual(names(await custom.listNamespacedCustomObject(all)), ['fern']);
        // The generic client finds the kind by discovery.
        const read = await generic.read(plant(0));
        assert.equal(read.spec.height, 3);
        await custom.deleteNamespacedCustomObject(one);
        await refused(404, generic.read(plant(0)));
        await extensions.deleteCustomResourceDefinition({ name: `${plural}.${group}` });
    },

    async leases() {
        const coordination = config.makeApiClient(k8s.CoordinationV1Api);
        const now = () => new k8s.V1MicroTime();
        const body = { metadata: { name: 'leader' }, spec: { holderIdentity: 'a', leaseDurationSeconds: 1, acquireTime: now(), renewTime: now() } };
        const one = { name: 'leader', namespace };
        const taken = await coordination.createNamespacedLease({ namespace, body });
        await refused(409, coordination.createNamespacedLease({ namespace, body }));
        const bSaw = await coordination.readNamespacedLease(one);
        taken.spec.renewTime = now();
        const renewed = await coordination.replaceNamespacedLease({ ...one, body: taken });
        // Whoever read before the renewal loses.
        bSaw.spec.holderIdentity = 'b';
        await refused(409, coordination.replaceNamespacedLease({ ...one, body: bSaw }));
        renewed.spec.holderIdentity = '';
        const free = await coordination.replaceNamespacedLease({ ...one, body: renewed });
        const candidates = ['b', 'c', 'd', 'e'].map((holderIdentity) => coordination.replaceNamespacedLease(
            { ...one, body: { ...free, spec: { ...free.spec, holderIdentity, leaseTransitions: 1 } } }));
        const outcomes = await Promise.allSettled(candidates);
        assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1, 'one of many is elected');
        const winner = outcomes.find((outcome) => outcome.status === 'fulfilled').value.spec.holderIdentity;
        assert.equal((await coordination.readNamespacedLease(one)).spec.holderIdentity, winner);
    },

    async pods() {
        await core.createNamespacedPod({ namespace, body: pod('talker', 'echo hello; sleep 1000') });
        await eventually('it runs', async () =>
            (await core.readNamespacedPod({ name: 'talker', namespace })).status.phase === 'Running');
        assert.match(await core.readNamespacedPodLog({ name: 'talker', namespace, tailLines: 1 }), /^hello/);
        let logs = '';
        const out = new PassThrough().on('data', (chunk) => (logs += chunk));
        const following = await new k8s.Log(config).log(namespace, 'talker', 'main', out, { follow: true });
        await eventually('its log is followed', () => logs.includes('hello'));
        following.abort();
        let said = '';
        const stdout = new PassThrough().on('data', (chunk) => (said += chunk));
        const exec = (command, stdin) =>
            new Promise((resolve, reject) => new k8s.Exec(config)
                .exec(namespace, 'talker', 'main', command, stdout, null, stdin, false, resolve).catch(reject));
        assert.equal((await exec(['echo', 'from', 'inside'], null)).status, 'Success');
        await eventually('the command is heard', () => said.includes('from inside'));
        const failed = await exec(['sh', '-c', 'exit 3'], null);
        assert.deepEqual([failed.status, failed.reason, failed.details.causes[0].message], ['Failure', 'NonZeroExitCode', '3']);
        await core.deleteNamespacedPod({ name: 'talker', namespace, gracePeriodSeconds: 0 });
        await refused(404, core.readNamespacedPod({ name: 'talker', namespace }));
    },
};

await core.createNamespace({ body: { metadata: { name: namespace } } });
await stories[process.argv[2]]();
process.exit(0);
