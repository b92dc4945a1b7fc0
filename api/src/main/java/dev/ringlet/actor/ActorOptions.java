package dev.ringlet.actor;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.PriorityClass;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an actor is spawned. Immutable: each {@code with} method returns a changed copy.
 *
 * <p>Defaults: a name such as {@code $17}, the parent's executor (for top-level actors: the
 * executors in turn), the parent's priority class, {@link Supervision#stop()}.
 */
public final class ActorOptions {
  /** How many messages an actor may put aside, unless told otherwise. */
  public static final int DEFAULT_STASH_CAPACITY = 1024;

  private static final ActorOptions DEFAULTS =
      new ActorOptions(
          null, null, null, Supervision.stop(), DEFAULT_STASH_CAPACITY, Mailbox.unbounded());

  private final @Nullable String name;
  private final @Nullable PriorityClass priorityClass;
  private final @Nullable ActorExecutor executor;
  private final Supervision supervision;
  private final int stashCapacity;
  private final Mailbox mailbox;

  private ActorOptions(
      @Nullable String name,
      @Nullable PriorityClass priorityClass,
      @Nullable ActorExecutor executor,
      Supervision supervision,
      int stashCapacity,
      Mailbox mailbox) {
    this.name = name;
    this.priorityClass = priorityClass;
    this.executor = executor;
    this.supervision = supervision;
    this.stashCapacity = stashCapacity;
    this.mailbox = mailbox;
  }

  /**
   * All defaults.
   *
   * @return the options
   */
  public static ActorOptions defaults() {
    return DEFAULTS;
  }

  /**
   * All defaults but the name.
   *
   * @param name unique among the siblings; not empty, without {@code /}, not beginning with {@code
   *     $}
   * @return the options
   */
  public static ActorOptions named(String name) {
    return DEFAULTS.withName(name);
  }

  /**
   * Names the actor.
   *
   * @param name unique among the siblings; not empty, without {@code /}, not beginning with {@code
   *     $}
   * @return the changed copy
   */
  public ActorOptions withName(String name) {
    if (name.isEmpty() || name.startsWith("$") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "name: \""
              + name
              + "\"; give a name that is not empty, has no '/' and does not begin with '$'");
    }
    return new ActorOptions(name, priorityClass, executor, supervision, stashCapacity, mailbox);
  }

  /**
   * Puts the actor, and children that do not say otherwise, into a priority class.
   *
   * @param priorityClass the class
   * @return the changed copy
   */
  public ActorOptions withPriorityClass(PriorityClass priorityClass) {
    return new ActorOptions(
        name, Objects.requireNonNull(priorityClass), executor, supervision, stashCapacity, mailbox);
  }

  /**
   * Places the actor on an executor, where it stays.
   *
   * @param executor an executor of the same system
   * @return the changed copy
   */
  public ActorOptions onExecutor(ActorExecutor executor) {
    return new ActorOptions(
        name, priorityClass, Objects.requireNonNull(executor), supervision, stashCapacity, mailbox);
  }

  /**
   * Says what a failure does to the actor.
   *
   * @param supervision the policy
   * @return the changed copy
   */
  public ActorOptions withSupervision(Supervision supervision) {
    return new ActorOptions(
        name, priorityClass, executor, Objects.requireNonNull(supervision), stashCapacity, mailbox);
  }

  /**
   * Says how many messages the actor may put aside with {@link ActorContext#stash}.
   *
   * @param messages at least 1; 1024 unless told otherwise
   * @return the changed copy
   */
  public ActorOptions withStashCapacity(int messages) {
    if (messages < 1) {
      throw new IllegalArgumentException("messages: " + messages + "; give at least 1");
    }
    return new ActorOptions(name, priorityClass, executor, supervision, messages, mailbox);
  }

  /**
   * Says how messages wait.
   *
   * @param mailbox the kind of mailbox
   * @return the changed copy
   */
  public ActorOptions withMailbox(Mailbox mailbox) {
    return new ActorOptions(
        name, priorityClass, executor, supervision, stashCapacity, Objects.requireNonNull(mailbox));
  }

  /**
   * The name, or null for a generated one.
   *
   * @return the name
   */
  public @Nullable String name() {
    return name;
  }

  /**
   * The priority class, or null for the parent's.
   *
   * @return the class
   */
  public @Nullable PriorityClass priorityClass() {
    return priorityClass;
  }

  /**
   * The executor, or null for the parent's.
   *
   * @return the executor
   */
  public @Nullable ActorExecutor executor() {
    return executor;
  }

  /**
   * What a failure does.
   *
   * @return the policy
   */
  public Supervision supervision() {
    return supervision;
  }

  /**
   * How many messages may be put aside.
   *
   * @return the number
   */
  public int stashCapacity() {
    return stashCapacity;
  }

  /**
   * How messages wait.
   *
   * @return the kind of mailbox
   */
  public Mailbox mailbox() {
    return mailbox;
  }
}
