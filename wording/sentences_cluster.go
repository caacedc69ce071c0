package wording

// clusterSentences are those of stores in ClickHouse, and of copies from one kind of
// store to another.
var clusterSentences = map[string]phrase{
	"store.copied": {
		"%s：%d 次投递，%d 行，至序号 %d，其中本次复制 %d 次；与原存储逐行相同，SHA-256 %s",
		"%s: %d deliveries, %d rows, up to sequence %d, %d of the deliveries copied now; equal to the store row by row, SHA-256 %s",
	},
	"store.backup-url": {
		"%s 是 ClickHouse 数据库：用 saidi store copy %s FOLDER 复制到文件夹并核对，或用服务器自带的备份",
		"%s is a database of ClickHouse: copy it into a folder with saidi store copy %s FOLDER, which holds both against each other, or use the servers' own backup",
	},
}
