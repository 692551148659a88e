-- A data set can be deleted; the download that brought it keeps saying which one it was.

alter table downloads drop constraint downloads_dataset_id_fkey;
