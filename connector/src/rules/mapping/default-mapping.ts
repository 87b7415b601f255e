import type { FieldDefinition, MappingDocument } from "../../domain/index.ts";
import { compileMapping } from "./compile.ts";
import document from "./presets/default.json" with { type: "json" };

/** The fields that every linked organization gets until somebody decides otherwise. */
export const defaultMapping = document as MappingDocument; // a test proves that the file is one

/** Their definitions in Zendesk. No other mapping may give one of these keys another type: Zendesk burns keys. */
export const defaultFields: readonly FieldDefinition[] = compileMapping(defaultMapping).definitions;
