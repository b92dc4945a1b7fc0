package dev.ringlet.scheduler;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The living children of one cell: an intrusive list, and the names that were given. The links
 * stand in the children but belong to the parent's executor, also where a child lives elsewhere.
 */
final class Children {
  private @Nullable ActorCell<?> first;
  private @Nullable Map<String, ActorCell<?>> names;

  boolean isEmpty() {
    return first == null;
  }

  /** The child of a name that was given. */
  @Nullable ActorCell<?> named(String name) {
    return names == null ? null : names.get(name);
  }

  /** Throws if a child has the name. */
  void checkFree(@Nullable String name, String parentPath) {
    if (name != null && named(name) != null) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\"; " + parentPath + " has a living child of this name already");
    }
  }

  void add(ActorCell<?> child) {
    ActorCell<?> second = first;
    child.nextSibling = second;
    if (second != null) {
      second.previousSibling = child;
    }
    first = child;
    String name = child.givenName();
    if (name != null) {
      if (names == null) {
        names = new HashMap<>();
      }
      names.put(name, child);
    }
  }

  /** Does nothing if it was removed already. */
  void remove(ActorCell<?> child) {
    ActorCell<?> next = child.nextSibling;
    ActorCell<?> previous = child.previousSibling;
    if (previous == null && first != child) {
      return;
    }
    if (next != null) {
      next.previousSibling = previous;
    }
    if (previous != null) {
      previous.nextSibling = next;
    } else {
      first = next;
    }
    child.nextSibling = null;
    child.previousSibling = null;
    String name = child.givenName();
    if (names != null && name != null) {
      names.remove(name);
    }
  }

  /** The action must not remove children at once. */
  void forEach(Consumer<ActorCell<?>> action) {
    for (ActorCell<?> child = first; child != null; child = child.nextSibling) {
      action.accept(child);
    }
  }
}
