package io.ruori.core.access;

import io.ruori.api.User;

/**
 * What somebody wants to do, as authorizers see it: an action on a resource, or on a path that is none.
 *
 * @param resource empty for a path that is no resource
 * @param subresource empty for the object itself
 * @param namespace empty at the scope of the cluster
 * @param name empty for a collection
 * @param fieldSelector as the client wrote it; limits what a node may list
 * @param path only for what is no resource
 */
public record Ask(
        User user,
        String verb,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String fieldSelector,
        String path) {

    public static Ask ofPath(User user, String verb, String path) {
        return new Ask(user, verb, "", "", "", "", "", "", "", path);
    }

    /** An action that is not a request of its own, such as {@code bind} or {@code impersonate}. */
    public static Ask of(User user, String verb, String group, String resource, String namespace, String name) {
        return new Ask(user, verb, group, "v1", resource, "", namespace, name, "", "");
    }

    public Ask withVerb(String other) {
        return new Ask(user, other, group, version, resource, subresource, namespace, name, fieldSelector, path);
    }

    public Ask withSubresource(String other) {
        return new Ask(user, verb, group, version, resource, other, namespace, name, fieldSelector, path);
    }

    public boolean isResource() {
        return !resource.isEmpty();
    }

    /** The resource as rules name it: {@code pods}, or {@code pods/log}. */
    public String combinedResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    /** What is asked, in upstream's words. */
    public String words() {
        if (!isResource()) {
            return "User " + quoted(user.name()) + " cannot " + verb + " path " + quoted(path);
        }
        String what = "User " + quoted(user.name()) + " cannot " + verb + " resource " + quoted(combinedResource())
                + " in API group " + quoted(group);
        return what + (namespace.isEmpty() ? " at the cluster scope" : " in the namespace " + quoted(namespace));
    }

    /** As Go prints a string with {@code %q}, for what names can hold. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
