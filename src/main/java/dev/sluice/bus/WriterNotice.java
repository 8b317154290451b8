package dev.sluice.bus;

/**
 * What a node announces of one of its writers.
 *
 * @param full whether orders had better go to another one
 */
public record WriterNotice(String address, boolean full) {}
